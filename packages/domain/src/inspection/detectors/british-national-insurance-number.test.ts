import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('british-national-insurance-number', value);

test('numbers in pairs, and others where they are named are found', () => {
  for (const [text, expected] of [
    ['AB 12 34 56 C', 'AB 12 34 56 C'],
    ['NI number AB123456C', 'AB123456C'],
    ['national insurance: AB123456C', 'AB123456C'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['AB123456C', 'NINO BG123456C', 'NINO QQ123456C', 'NINO AB123456E', 'NINO XAB123456C'])
    assert.deepEqual(found(text), [], text);
});
