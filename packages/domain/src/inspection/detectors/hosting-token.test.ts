import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('hosting-token', value);

test('each kind is found, and nothing around it', () => {
  for (const token of [
    `sbp_${'0a1b2c3d4e'.repeat(30).slice(0, 40)}`,
    `pscale_tkn_${'aB3dE6gH9j'.repeat(30).slice(0, 43)}`,
    `nfp_${'aB3dE6gH9j'.repeat(30).slice(0, 36)}`,
    `fo1_${'aB3dE6gH9j'.repeat(30).slice(0, 43)}`,
    `HRKU-${'aB3dE6gH9j'.repeat(30).slice(0, 36)}`,
    `pul-${'0a1b2c3d4e'.repeat(30).slice(0, 40)}`,
    `hvs.${'aB3dE6gH9j'.repeat(30).slice(0, 24)}`,
    `dp.pt.${'aB3dE6gH9j'.repeat(30).slice(0, 43)}`,
    `dt0c01.${'A1'.repeat(12)}.${'B2'.repeat(32)}`,
  ])
    assert.deepEqual(found(`use ${token}, please`), [token]);
});

test('what is too short, mentioned or part of a word is left alone', () => {
  for (const text of ['sbp_1', 'pscale_tkn_x', `sbp_${'0a1b2c3d4e'.repeat(30).slice(0, 41)}`, 'hvs.get()'])
    assert.deepEqual(found(text), [], text);
});
