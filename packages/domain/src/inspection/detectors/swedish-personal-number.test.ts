import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('swedish-personal-number', value);

test('numbers with their dash, and others where they are named are found', () => {
  for (const [text, expected] of [
    ['811218-9876', '811218-9876'],
    ['19811218-9876', '19811218-9876'],
    ['personnummer 8112189876', '8112189876'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['811218-9877', '811338-9876', '8112189876', '0811218-9876x'])
    assert.deepEqual(found(text), [], text);
});
