import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAssignment } from './assignment.ts';

/** Key and value of the assignment at the last `:` or `=` before `value`, in text as it stands in raw JSON. */
function read(text: string, at = text.search(/[:=]/)) {
  const found = readAssignment(text, at, /./);
  return found === null ? null : [found.key, text.slice(found.start, found.end)];
}

test('keys and values are read with and without quotes', () => {
  assert.deepEqual(read('Token=abc def'), ['token', 'abc']);
  assert.deepEqual(read('db.password : abc,'), ['db.password', 'abc']);
  assert.deepEqual(read(`api-key => 'a b'`), ['api-key', 'a b']);
  assert.deepEqual(read('"secret": "a\\"b\\\\"'), ['secret', 'a\\"b\\\\']);
});

test('quotes of JSON inside strings end where they began', () => {
  assert.deepEqual(read('\\"token\\": \\"a\\\\\\"b\\", \\"x\\"'), ['token', 'a\\\\\\"b']);
  assert.deepEqual(read('\\\\\\"token\\\\\\":\\\\\\"ab\\\\\\"'), ['token', 'ab']);
});

test('a value may be named by the member before it', () => {
  assert.deepEqual(read('"API_TOKEN", "value": "x1"', 20), ['api_token', 'x1']);
});

test('a key that is not asked for is not read further', () => {
  assert.equal(readAssignment('token=abc', 5, /password/), null);
});

test('where no value begins there is none', () => {
  assert.equal(read('"a password=","b"'), null);
  assert.equal(read('token=\\nabc'), null);
  assert.equal(read(`token='abc", "d": "it's"`), null);
  assert.equal(read(`"token":"${'a'.repeat(5000)}"`), null);
});
