import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { walkJson } from './json-walk.ts';

function tokens(json: string): string[] {
  const seen: string[] = [];
  walkJson(json, {
    open: (isArray) => void seen.push(isArray ? '[' : '{'),
    close: () => void seen.push('.'),
    next: () => void seen.push(','),
    key: (start, end) => void seen.push(`key ${json.slice(start, end)}`),
    string: (start, end) => void seen.push(`string ${json.slice(start, end)}`),
    number: (start, end) => void seen.push(`number ${json.slice(start, end)}`),
  });
  return seen;
}

test('keys, strings and numbers are told apart', () => {
  assert.deepEqual(tokens('{"a" : ["b:\\"\\\\", -1.5e+3, true] ,\n"c":{"d":null}}'), [
    ...['{', 'key a', '[', 'string b:\\"\\\\', ',', 'number -1.5e+3', ',', '.', ',', 'key c', '{', 'key d', '.', '.'],
  ]);
});

test('answering false ends the walk', () => {
  let seen = 0;
  walkJson('["a","b"]', {
    string: () => {
      seen++;
      return false;
    },
  });
  assert.equal(seen, 1);
});

test('of any JSON every key, string and number is visited', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      let expected = 0;
      JSON.parse(json, (_key, value: unknown) => {
        if (typeof value === 'string' || typeof value === 'number') expected++;
        else if (typeof value === 'object' && value !== null && !Array.isArray(value))
          expected += Object.keys(value).length;
        return value;
      });
      assert.equal(tokens(json).filter((token) => / /.test(token)).length, expected);
    }),
  );
});

test('any text at all is walked to its end', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"\\-0e1t a') }), (text) => Array.isArray(tokens(text))),
  );
});
