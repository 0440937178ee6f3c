import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeHeaderValue, encodeHeaderValue } from './header-value.ts';

test('any text comes back from its header, which holds plain characters only', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[ =?a-z64]{0,20}$/)),
      (text) => {
        const encoded = encodeHeaderValue(text);
        assert.match(encoded, /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
        assert.equal(decodeHeaderValue(encoded), text);
      },
    ),
    { numRuns: 500 },
  );
});

for (const [value, encoded] of [
  ['echo', 'echo'],
  ['two words', 'two words'],
  ['file:///a b', 'file:///a b'],
  ['', '=?base64??='],
  [' edge', '=?base64?IGVkZ2U=?='],
  ['edge\t', '=?base64?ZWRnZQk=?='],
  ['é', '=?base64?w6k=?='],
  ['line\nbreak', '=?base64?bGluZQpicmVhaw==?='],
  ['=?base64?eA==?=', '=?base64?PT9iYXNlNjQ/ZUE9PT89?='],
  ['=?other?=', '=?other?='],
] as const)
  test(`${JSON.stringify(value)} travels as ${encoded}`, () => {
    assert.equal(encodeHeaderValue(value), encoded);
    assert.equal(decodeHeaderValue(encoded), value);
  });

test('spaces around a value do not count', () => {
  assert.equal(decodeHeaderValue(' \techo '), 'echo');
  assert.equal(decodeHeaderValue('\u00a0'), '\u00a0');
});

test('what is marked as base64 and is none stands for nothing', () => {
  for (const broken of [
    '=?base64?!!?=',
    '=?base64?eA?=',
    '=?base64?eA=?=',
    '=?base64?/w==?=',
    '=?base64?eB==?=',
    '=?base64?e A==?=',
  ])
    assert.equal(decodeHeaderValue(broken), null, broken);
});
