import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('german-tax-id', value);

test('grouped numbers, and others where they are named are found', () => {
  for (const [text, expected] of [
    ['65 929 970 489', '65 929 970 489'],
    ['Steuer-ID: 65929970489', '65929970489'],
    ['steuerliche Identifikationsnummer 86095742719', '86095742719'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['65929970489', 'Steuer-ID 65929970488', 'Steuer-ID 11111111111', 'Steuer-ID 01234567899'])
    assert.deepEqual(found(text), [], text);
});
