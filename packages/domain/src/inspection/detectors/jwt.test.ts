import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = part({ alg: 'HS256', typ: 'JWT' });
const payload = part({ sub: '1234567890', name: 'Ada', iat: 1516239022 });
const signature = 'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c';
const found = (value: unknown) => foundBy('jwt', value);

test('signed and unsigned tokens are found', () => {
  const token = `${header}.${payload}.${signature}`;
  assert.deepEqual(found(`session: ${token}\n`), [token]);
  assert.deepEqual(found(`cookie%3D${token}`), [token]);
  const unsigned = `${part({ alg: 'none' })}.${payload}.`;
  assert.deepEqual(found({ id_token: unsigned }), [unsigned]);
});

test('encrypted tokens are found whole', () => {
  const token = `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.OKOawDo13gRp.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rp.XFBoMYUZodetZdv`;
  assert.deepEqual(found(token), [token]);
});

test('what does not decode to JSON objects is left alone', () => {
  assert.deepEqual(found(`${header}.bm90IGpzb24.${signature}`), []);
  assert.deepEqual(found(`eyJub3QganNvbg.${payload}.${signature}`), []);
  assert.deepEqual(found(`${part({ note: 'no algorithm' })}.${payload}.${signature}`), []);
  assert.deepEqual(found(header), []);
});
