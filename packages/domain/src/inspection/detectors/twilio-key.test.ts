import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const hex = '0a1b2c3d4e5f6071'.repeat(2);
const found = (value: unknown) => foundBy('twilio-key', value);

test('API keys are found', () => {
  assert.deepEqual(found(`key SK${hex}.`), [`SK${hex}`]);
});

test('auth tokens are found where Twilio or an account id is named before', () => {
  assert.deepEqual(found(`TWILIO_AUTH_TOKEN=${hex}`), [hex]);
  assert.deepEqual(found({ accountSid: `AC${hex}`, authToken: hex }), [hex]);
});

test('the account id, and hexadecimal digits in other places, are left alone', () => {
  assert.deepEqual(found({ id: `AC${hex}`, md5: hex, authToken: 'none' }), []);
  assert.deepEqual(found({ authToken: hex }), []);
});
