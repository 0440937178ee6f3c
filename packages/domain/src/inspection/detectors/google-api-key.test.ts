import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('google-api-key', value);
const key = `AIza${'SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'}`;

test('API keys are found, in URLs too', () => {
  assert.deepEqual(found(`https://maps.example/api?key=${key}&q=1`), [key]);
});

test('OAuth client secrets are found', () => {
  assert.deepEqual(found({ client_secret: `GOCSPX-${'a1B2c3D4'.repeat(3)}_x-y` }), [
    `GOCSPX-${'a1B2c3D4'.repeat(3)}_x-y`,
  ]);
});

test('a longer run of the same characters is left alone', () => {
  assert.deepEqual(found(`${key}x`), []);
});
