import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('indian-aadhaar', value);

test('numbers in groups of four, and others where they are named are found', () => {
  for (const [text, expected] of [
    ['2341 2341 2346', '2341 2341 2346'],
    ['Aadhaar 234123412346', '234123412346'],
    ['Aadhaar no. 2341-2341-2346', '2341-2341-2346'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['2341 2341 2347', '234123412346', '1341 2341 2346', '2341 2341 2346 1234', '9999 9999 9999'])
    assert.deepEqual(found(text), [], text);
});
