import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('model-provider-key', value);

test('each kind is found, and nothing around it', () => {
  for (const token of [
    `gsk_${'aB3dE6gH9j'.repeat(30).slice(0, 52)}`,
    `r8_${'aB3dE6gH9j'.repeat(30).slice(0, 37)}`,
    `pplx-${'aB3dE6gH9j'.repeat(30).slice(0, 48)}`,
    `xai-${'aB3dE6gH9j'.repeat(30).slice(0, 80)}`,
    `pcsk_${'aB3dE6gH9j'.repeat(30).slice(0, 70)}`,
  ])
    assert.deepEqual(found(`use ${token}, please`), [token]);
});

test('what is too short, mentioned or part of a word is left alone', () => {
  for (const text of ['gsk_test', 'xai-model', `gsk_${'aB3dE6gH9j'.repeat(30).slice(0, 53)}`])
    assert.deepEqual(found(text), [], text);
});
