import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const id = `AKIA${'IOSFODNN7EXAMPLE'}`;
const secret = `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`;
const found = (value: unknown) => foundBy('aws-access-key', value);

test('long-lived and temporary key ids are found in sentences and on their own', () => {
  assert.deepEqual(found(id), [id]);
  assert.deepEqual(found(`use ${id}, please`), [id]);
  assert.deepEqual(found(`first line\n${id.replace('AKIA', 'ASIA')}\n`), [id.replace('AKIA', 'ASIA')]);
});

test('the secret key is found by the name it is assigned to', () => {
  assert.deepEqual(found({ aws_secret_access_key: secret }), [secret]);
  assert.deepEqual(found({ SecretAccessKey: secret }), [secret]);
  assert.deepEqual(found(`export AWS_SECRET_ACCESS_KEY="${secret}"`), [secret]);
  assert.deepEqual(found(JSON.stringify({ secretKey: secret })), [secret]);
});

test('the secret key is found right behind its id', () => {
  assert.deepEqual(found(`${id},${secret}`), [id, secret]);
  assert.deepEqual(found(`aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`), [id, secret]);
});

test('a secret key whose slashes are escaped is found whole', () => {
  const json = `{"secret_access_key":"${secret.replaceAll('/', '\\/')}"}`;
  assert.deepEqual(foundInJson('aws-access-key', json), [secret.replaceAll('/', '\\/')]);
});

test('other capitals, longer runs and 40 characters without a context are left alone', () => {
  assert.deepEqual(found(`X${id}`), []);
  assert.deepEqual(found(`${id}A`), []);
  assert.deepEqual(found('AKIAshort'), []);
  assert.deepEqual(found({ commit: 'da39a3ee5e6b4b0d3255bfef95601890afd80709', note: secret }), []);
});
