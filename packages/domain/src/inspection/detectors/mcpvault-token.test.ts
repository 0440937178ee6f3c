import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const body = 'Zm9vYmFy-_'.repeat(4);

test('personal, access and refresh tokens are found', () => {
  for (const prefix of ['mcpv_', 'mcpa_', 'mcpr_'])
    assert.deepEqual(foundBy('mcpvault-token', `Bearer ${prefix}${body}`), [prefix + body]);
});

test('the bare prefix is left alone', () => {
  assert.deepEqual(foundBy('mcpvault-token', 'tokens begin with mcpv_'), []);
});
