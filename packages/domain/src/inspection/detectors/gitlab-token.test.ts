import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('gitlab-token', value);

test('access tokens and the other kinds are found', () => {
  for (const prefix of ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glsoat-'])
    assert.deepEqual(found(`PRIVATE-TOKEN: ${prefix}x1Y2z3_W4v5U6t7-S8r9\n`), [`${prefix}x1Y2z3_W4v5U6t7-S8r9`]);
});

test('routable tokens are found with their dotted end', () => {
  const token = `glpat-${'aB3dE6gH9'.repeat(4)}.01.0w1abcdef`;
  assert.deepEqual(found(token), [token]);
});

test('what is too short is left alone', () => {
  assert.deepEqual(found('glpat-short'), []);
});
