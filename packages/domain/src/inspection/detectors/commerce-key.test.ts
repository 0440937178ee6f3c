import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('commerce-key', value);

test('each kind is found, and nothing around it', () => {
  for (const token of [
    `shpat_${'0a1b2c3d4e'.repeat(30).slice(0, 32)}`,
    `sq0atp-${'aB3dE6gH9j'.repeat(30).slice(0, 22)}`,
    `sq0csp-${'aB3dE6gH9j'.repeat(30).slice(0, 43)}`,
    `xkeysib-${'0a1b2c3d4e'.repeat(30).slice(0, 64)}-aB3dE6gH9jaB3dE6`,
    `shippo_live_${'0a1b2c3d4e'.repeat(30).slice(0, 40)}`,
    `EZAK${'aB3dE6gH9j'.repeat(30).slice(0, 54)}`,
    `access-production-${'0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'}`,
  ])
    assert.deepEqual(found(`use ${token}, please`), [token]);
});

test('what is too short, mentioned or part of a word is left alone', () => {
  for (const text of ['shpat_1', 'sq0atp-', 'access-production-logs', `shpat_${'0a1b2c3d4e'.repeat(30).slice(0, 33)}`])
    assert.deepEqual(found(text), [], text);
});
