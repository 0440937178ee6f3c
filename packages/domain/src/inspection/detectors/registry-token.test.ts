import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('registry-token', value);

test('each kind is found, and nothing around it', () => {
  for (const token of [
    `pypi-AgEIcHlwaS5vcmc${'aB3dE6gH9j'.repeat(30).slice(0, 60)}`,
    `rubygems_${'0a1b2c3d4e'.repeat(30).slice(0, 48)}`,
    `dckr_pat_${'aB3dE6gH9j'.repeat(30).slice(0, 27)}`,
    `dckr_oat_${'aB3dE6gH9j'.repeat(30).slice(0, 32)}`,
  ])
    assert.deepEqual(found(`use ${token}, please`), [token]);
});

test('what is too short, mentioned or part of a word is left alone', () => {
  for (const text of ['rubygems_org', 'dckr_pat_', `pypi-${'aB3dE6gH9j'.repeat(30).slice(0, 60)}`])
    assert.deepEqual(found(text), [], text);
});
