import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('google-oauth-token', value);

test('each kind is found, and nothing around it', () => {
  for (const token of [
    `GOCSPX-${'aB3dE6gH9j'.repeat(30).slice(0, 28)}`,
    `ya29.${'aB3dE6gH9j'.repeat(30).slice(0, 60)}`,
  ])
    assert.deepEqual(found(`use ${token}, please`), [token]);
});

test('what is too short, mentioned or part of a word is left alone', () => {
  for (const text of ['GOCSPX-short', 'ya29.short', `xya29.${'aB3dE6gH9j'.repeat(30).slice(0, 60)}`])
    assert.deepEqual(found(text), [], text);
});
