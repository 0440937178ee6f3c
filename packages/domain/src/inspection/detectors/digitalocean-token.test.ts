import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const body = '0a1b2c3d'.repeat(8);

test('personal, OAuth and refresh tokens are found', () => {
  for (const prefix of ['dop_v1_', 'doo_v1_', 'dor_v1_'])
    assert.deepEqual(foundBy('digitalocean-token', { token: prefix + body }), [prefix + body]);
});

test('another length is left alone', () => {
  assert.deepEqual(foundBy('digitalocean-token', `dop_v1_${body}0`), []);
});
