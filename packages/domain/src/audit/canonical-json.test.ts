import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

test('members stand in one order, whatever order they were written in', () => {
  assert.equal(canonicalJson({ b: 1, a: { d: [3, null], c: 'x' } }), '{"a":{"c":"x","d":[3,null]},"b":1}');
  assert.equal(canonicalJson({ '€': 1, '\r': 2, '1': 3, '😂': 4, ö: 5 }), '{"\\r":2,"1":3,"ö":5,"€":1,"😂":4}');
});

test('what it writes is the same value, and writing it again changes nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(JSON.parse(text)), text);
    }),
  );
});

test('what JSON cannot say is refused', () => {
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, undefined, [undefined], { n: 1n }]) {
    assert.throws(() => canonicalJson(odd), TypeError);
  }
  assert.equal(canonicalJson({ a: undefined, b: -0 }), '{"b":0}');
});
