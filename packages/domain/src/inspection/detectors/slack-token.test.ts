import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('slack-token', value);
const path = `T0${'12345678'}/B0${'12345678'}/${'aBcDeFgH12'.repeat(2)}abcd`;

test('bot, user and app tokens are found', () => {
  const bot = `xoxb-${'123456789012'}-${'1234567890123'}-${'aBcDeFgHiJkL'}`;
  const app = `xapp-1-A0${'12345678'}-${'1234567890123'}-${'abc123'.repeat(4)}`;
  const rotating = `xoxe.xoxp-1-${'aBc123'.repeat(5)}`;
  assert.deepEqual(found(`SLACK=${bot}`), [bot]);
  assert.deepEqual(found([app, rotating]), [app, rotating]);
});

test('of a webhook the path is found, since that is its secret', () => {
  assert.deepEqual(found(`curl https://hooks.slack.com/services/${path}`), [path]);
});

test('a webhook whose slashes are escaped is found', () => {
  const escaped = `https:\\/\\/hooks.slack.com\\/services\\/${path.replaceAll('/', '\\/')}`;
  assert.deepEqual(foundInJson('slack-token', `{"url":"${escaped}"}`), [path.replaceAll('/', '\\/')]);
});

test('words with the prefix and other addresses are left alone', () => {
  assert.deepEqual(found('xoxb-your-token-here, https://hooks.slack.com/ and xapp-name'), []);
});
