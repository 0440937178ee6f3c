import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('stripe-key', value);
const body = 'aB3dE6gH9jK2mN5pQ8sT1vW4';

test('secret and restricted keys are found, live and test', () => {
  for (const prefix of ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'])
    assert.deepEqual(found(`stripe.api_key = "${prefix}${body}"`), [prefix + body]);
});

test('webhook signing secrets are found', () => {
  assert.deepEqual(found(`whsec_${body}${body}`), [`whsec_${body}${body}`]);
});

test('publishable keys are public and left alone', () => {
  assert.deepEqual(found(`pk_live_${body}`), []);
});
