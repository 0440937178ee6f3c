import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('authorization', value);
const token = 'v1.aB3dE6gH9jK2mN5pQ8sT1vW4';

test('the credential of a header is found, the scheme is left', () => {
  assert.deepEqual(found({ headers: { Authorization: `Bearer ${token}` } }), [token]);
  assert.deepEqual(found({ 'proxy-authorization': 'Basic dXNlcjpwYXNzd29yZA==' }), ['dXNlcjpwYXNzd29yZA==']);
  assert.deepEqual(found({ authorization: token }), [token]);
});

test('headers in commands, logs and JSON inside strings are found', () => {
  assert.deepEqual(found(`curl -H "Authorization: Bearer ${token}" https://api.example`), [token]);
  assert.deepEqual(found(`GET / HTTP/1.1\nAuthorization: token ${token}\nHost: x`), [token]);
  assert.deepEqual(found(JSON.stringify({ headers: { Authorization: `Bearer ${token}` } })), [token]);
});

test('bearer tokens without a header are found', () => {
  assert.deepEqual(found(`sent with bearer ${token}`), [token]);
  assert.deepEqual(found([[`Bearer ${token}`]]), [token]);
});

test('talk about authorization is left alone', () => {
  for (const text of [
    'Bearer authentication-is-required here',
    'authorization: required',
    'the bearer of this letter',
    'headers.authorization = withAuthorizationPrefix(token)',
    'Authorization: Bearer <token>',
    'Authorization: Bearer [redacted:authorization]',
  ])
    assert.deepEqual(found(text), [], text);
});
