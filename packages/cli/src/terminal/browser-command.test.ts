import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserCommand } from './browser-command.ts';

const page = 'https://vault.example.com/device?user_code=ABCD-EFGH';
const desktop = { platform: 'linux', env: { DISPLAY: ':0' } };

test('each kind of desktop has its own program, which gets the page as one argument', () => {
  assert.deepEqual(browserCommand(desktop, page), ['xdg-open', page]);
  assert.deepEqual(browserCommand({ platform: 'darwin', env: {} }, page), ['open', page]);
  assert.deepEqual(browserCommand({ platform: 'win32', env: {} }, page)?.at(-1), page);
});

test('no browser is opened where nobody sits in front of it, or where none is wanted', () => {
  assert.equal(browserCommand({ platform: 'linux', env: {} }, page), null);
  for (const env of [{ SSH_CONNECTION: '10.0.0.1 22' }, { CI: 'true' }, { BROWSER: 'none' }]) {
    assert.equal(browserCommand({ ...desktop, env: { ...desktop.env, ...env } }, page), null, JSON.stringify(env));
  }
});

test('only pages of the web are opened, and none that an option could hide in', () => {
  for (const bad of ['file:///etc/passwd', 'javascript:alert(1)', '--help', 'vault.example.com', '']) {
    assert.equal(browserCommand(desktop, bad), null, bad);
  }
  assert.deepEqual(browserCommand(desktop, 'https://a.example/"; calc'), ['xdg-open', 'https://a.example/%22;%20calc']);
});
