import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('age-secret-key', value);

test('each kind is found, and nothing around it', () => {
  for (const token of [`AGE-SECRET-KEY-1${'QPZRY9X8GF'.repeat(6).slice(0, 58)}`])
    assert.deepEqual(found(`use ${token}, please`), [token]);
});

test('what is too short, mentioned or part of a word is left alone', () => {
  for (const text of ['AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-1XYZ']) assert.deepEqual(found(text), [], text);
});
