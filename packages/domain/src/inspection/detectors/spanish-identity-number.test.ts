import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('spanish-identity-number', value);

test('numbers with their letter are found', () => {
  for (const [text, expected] of [
    ['DNI 12345678Z', '12345678Z'],
    ['dni: 12345678-Z', '12345678-Z'],
    ['of 12345678Z.', '12345678Z'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['12345678A', '112345678Z', '12345678ZZ', '00000000T']) assert.deepEqual(found(text), [], text);
});
