import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const body = 'aBcDeFgHiJkLmNoPq'.repeat(2);

test('user and organization tokens are found', () => {
  assert.deepEqual(foundBy('huggingface-token', `hf_${body}`), [`hf_${body}`]);
  assert.deepEqual(foundBy('huggingface-token', [`api_org_${body}`]), [`api_org_${body}`]);
});

test('functions and files with the prefix are left alone', () => {
  assert.deepEqual(foundBy('huggingface-token', 'hf_hub_download(repo), perhaps_shf_model'), []);
});
