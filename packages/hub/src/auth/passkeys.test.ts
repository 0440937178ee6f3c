import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relyingPartyOf } from './passkeys.ts';

test('passkeys belong to the name under which browsers reach the hub, and to nobody where that is none', () => {
  const at = (url: string) => relyingPartyOf({ url, port: 7717 });
  assert.deepEqual(at('https://vault.example.com'), {
    id: 'vault.example.com',
    origins: ['https://vault.example.com'],
  });
  assert.deepEqual(at('http://127.0.0.1:7717'), { id: 'localhost', origins: ['http://localhost:7717'] });
  assert.deepEqual(at('http://localhost:7717')?.id, 'localhost');
  assert.deepEqual(at('https://localhost:8443')?.origins, ['http://localhost:7717', 'https://localhost:8443']);
  for (const url of [
    'http://vault.example.com',
    'https://192.0.2.1',
    'http://192.0.2.1:7717',
    'https://[2001:db8::1]',
  ]) {
    assert.equal(at(url), null, url);
  }
});
