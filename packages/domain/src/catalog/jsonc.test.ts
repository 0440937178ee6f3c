import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isObject, type Json, JsoncError, member, parseJsonc } from './jsonc.ts';

function plain(value: Json): unknown {
  if (isObject(value)) return Object.fromEntries(value.members.map(({ key, value: inner }) => [key, plain(inner)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

test('JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(3), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent);
      assert.deepEqual(plain(parseJsonc(text)), JSON.parse(text));
    }),
  );
});

test('comments may stand wherever blanks may', () => {
  assert.deepEqual(plain(parseJsonc('/**/{//a\n"a"/* * */:/***/1,/* b */}// end')), { a: 1 });
});

test('repeated keys are all kept, and the last one counts', () => {
  const value = parseJsonc('{"a":1,"a":2}');
  assert.ok(isObject(value));
  assert.equal(value.members.length, 2);
  assert.equal(member(value, 'a'), 2);
  assert.equal(member(value, 'b'), undefined);
});

test('a mistake is named with its line and column', () => {
  for (const [text, said] of [
    ['{\n  "a": nope\n}', /^Line 2, column 8: a value was expected/],
    ['[1 2]', /^Line 1, column 4: a comma or \]/],
    ['["\\u12"]', /hexadecimal/],
    ['/* never', /a value was expected/],
  ] as const)
    assert.throws(
      () => parseJsonc(text),
      (error) => error instanceof JsoncError && said.test(error.message),
      text,
    );
});
