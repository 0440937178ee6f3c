import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('generic-secret-assignment', value);
const random = 'q7Zp2Lx9Vb4Nw8Kt';

test('members with the name of a secret are found at any depth', () => {
  assert.deepEqual(found({ a: [{ password: 'S3cr3t!Pass' }] }), ['S3cr3t!Pass']);
  assert.deepEqual(found({ password: 'hunter2' }), ['hunter2']);
  for (const key of [
    'api_key',
    'apiKey',
    'X-Api-Key',
    'client_secret',
    'access_token',
    'DB_PASSWORD_PROD',
    'secretKey2',
  ])
    assert.deepEqual(found({ [key]: `${random}1` }), [`${random}1`], key);
});

test('assignments in shell, YAML, code, URLs and JSON inside strings are found', () => {
  assert.deepEqual(found(`export API_TOKEN=${random}\n`), [random]);
  assert.deepEqual(found(`db:\n  password: "${random}"\n`), [random]);
  assert.deepEqual(found(`const secret = '${random}';`), [random]);
  assert.deepEqual(found(`https://api.example/v1?access_token=${random}&page=2`), [random]);
  assert.deepEqual(found(JSON.stringify({ password: random })), [random]);
  assert.deepEqual(found(JSON.stringify({ inner: JSON.stringify({ password: random }) })), [random]);
});

test('an environment variable given as name and value is found', () => {
  assert.deepEqual(found([{ name: 'GRAFANA_TOKEN', value: random }]), [random]);
});

test('a value with quotes and backslashes is found whole', () => {
  assert.deepEqual(found({ password: 'a"b\\c9!Q' }), [String.raw`a\"b\\c9!Q`]);
  assert.deepEqual(found(JSON.stringify({ password: 'a\\b9!Qx' })), [String.raw`a\\\\b9!Qx`]);
});

test('a value with letters of any script is found whole', () => {
  assert.deepEqual(found({ password: 'pässwört-123' }), ['pässwört-123']);
});

test('tokens that must come back unchanged are left alone', () => {
  for (const key of ['progressToken', 'nextPageToken', 'page_token', 'continuation_token', 'clientRequestToken'])
    assert.deepEqual(found({ [key]: random }), [], key);
});

test('words, references, templates and what is redacted already are left alone', () => {
  for (const value of [
    'string',
    'The password of the user',
    'your-api-key-goes-here',
    'op://vault/item/password1',
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:x',
    '${DB_PASSWORD}',
    '{{ secrets.API_KEY_1 }}',
    '<your-password-1>',
    'process.env.API_KEY_2',
    'AuthenticationMD5Password',
    '[redacted:generic-secret-assignment]',
    '****************',
    '/run/secrets/db_password_1',
  ]) {
    assert.deepEqual(found({ password: value, api_key: value }), [], value);
    assert.deepEqual(found(`api_key=${value}`), [], value);
  }
});

test('names made of words and numbers are no tokens, but they may be passwords', () => {
  assert.deepEqual(found({ api_key: 'production-database-2024', client_secret: 'mySecretName2' }), []);
  assert.deepEqual(found({ password: 'production-database-2024' }), ['production-database-2024']);
});

test('a quote that ends the string is not taken for one that opens a value', () => {
  assert.deepEqual(foundInJson('generic-secret-assignment', `{"a":"password=","b":"${random}"}`), []);
});

test('names that only sound alike are left alone', () => {
  assert.deepEqual(found({ tokenizer: random, primary_key: random, secretary: random, key: random }), []);
});
