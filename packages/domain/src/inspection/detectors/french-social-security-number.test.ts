import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('french-social-security-number', value);

test('numbers whose key is right are found', () => {
  for (const [text, expected] of [
    ['255081416802538', '255081416802538'],
    ['NIR 2 55 08 14 168 025 38', '2 55 08 14 168 025 38'],
    ['2 55 08 14 168 025 38', '2 55 08 14 168 025 38'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['255081416802539', '255991416802538', '955081416802538', '2550814168025381'])
    assert.deepEqual(found(text), [], text);
});
