import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('workplace-token', value);

test('each kind is found, and nothing around it', () => {
  for (const token of [
    `ATATT3${'aB3dE6gH9j'.repeat(30).slice(0, 180)}`,
    `ntn_${'aB3dE6gH9j'.repeat(30).slice(0, 46)}`,
    `secret_${'aB3dE6gH9j'.repeat(30).slice(0, 43)}`,
    `lin_api_${'aB3dE6gH9j'.repeat(30).slice(0, 40)}`,
    `figd_${'aB3dE6gH9j'.repeat(30).slice(0, 40)}`,
    `pat-na1-${'0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'}`,
    `PMAK-${'0a1b2c3d4e'.repeat(30).slice(0, 24)}-${'0a'.repeat(17)}`,
    `tfp_${'aB3dE6gH9j'.repeat(30).slice(0, 59)}`,
    `sntryu_${'0a1b2c3d4e'.repeat(30).slice(0, 64)}`,
    `glsa_${'aB3dE6gH9j'.repeat(30).slice(0, 32)}_0a1b2c3d`,
    `NRAK-${'A1B'.repeat(9)}`,
  ])
    assert.deepEqual(found(`use ${token}, please`), [token]);
});

test('what is too short, mentioned or part of a word is left alone', () => {
  for (const text of ['secret_name', 'lin_api_key', 'glsa_token', `notion_ntn${'aB3dE6gH9j'.repeat(30).slice(0, 46)}`])
    assert.deepEqual(found(text), [], text);
});
