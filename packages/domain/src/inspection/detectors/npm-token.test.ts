import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const token = `npm_${'aB3dE6gH9jK2'.repeat(3)}`;

test('access tokens are found', () => {
  assert.deepEqual(foundBy('npm-token', `//registry.example/:_authToken=${token}\n`), [token]);
});

test('settings that begin alike are left alone', () => {
  assert.deepEqual(foundBy('npm-token', 'npm_config_registry, npm_lifecycle_event'), []);
});
