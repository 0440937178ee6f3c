import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMailServer } from './mail-server.ts';

test('a mail server is an address with TLS, and a password only over TLS', () => {
  assert.deepEqual(readMailServer('smtps://me%40x:p%3Aw@mail.example.org'), {
    ...{ host: 'mail.example.org', port: 465, secure: true, tls: true, auth: { user: 'me@x', pass: 'p:w' } },
  });
  assert.deepEqual(readMailServer('smtp://mail.example.org'), {
    ...{ host: 'mail.example.org', port: 587, secure: false, tls: true, auth: null },
  });
  assert.equal(readMailServer('smtp://[::1]:2525?tls=off')?.host, '::1');
  assert.equal(readMailServer('smtp://localhost:25?tls=off')?.tls, false);
  for (const bad of [
    '',
    'mail.example.org',
    'https://mail.example.org',
    'smtp://me:pw@mail?tls=off',
    'smtps://mail?tls=off',
  ])
    assert.equal(readMailServer(bad), null, bad);
});
