import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileInspector } from '../inspect.ts';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const dashes = '-----';
const block = (label: string, body = `${line}\n${line}\n`) =>
  `${dashes}BEGIN ${label}${dashes}\n${body}${dashes}END ${label}${dashes}`;
const found = (value: unknown) => foundBy('private-key', value);
const written = (text: string) => JSON.stringify(text).slice(1, -1);

test('blocks of every kind are found whole, line breaks and all', () => {
  for (const label of [
    'PRIVATE KEY',
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ])
    assert.deepEqual(found(`here:\n${block(label)}\nthere`), [written(block(label))]);
});

test('encrypted blocks with headers are found', () => {
  const pem = block('RSA PRIVATE KEY', `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B2C3D\n\n${line}\n`);
  assert.deepEqual(found(pem), [written(pem)]);
});

test('a block inside JSON inside a string is found whole', () => {
  const inner = JSON.stringify({ key: block('PRIVATE KEY') });
  assert.deepEqual(found(inner), [written(written(block('PRIVATE KEY')))]);
});

test('a block whose end is cut off is found as far as it goes', () => {
  const cut = block('PRIVATE KEY').slice(0, 80);
  assert.deepEqual(found(`${cut}"`), [written(cut)]);
});

test('lines of an array are found one by one', () => {
  const lines = block('PRIVATE KEY').split('\n');
  assert.deepEqual(found({ lines }), lines);
});

test('escapes spelled with four digits are found', () => {
  const json = `{"pem":"${block('PRIVATE KEY').replaceAll('\n', '\\u000a').replaceAll('-', '\\u002d')}"}`;
  const [only] = compileInspector(['private-key']).inspect(Buffer.from(json));
  assert.equal(only?.start, json.indexOf('\\u002d'));
  assert.equal(only.end, json.lastIndexOf('"'));
});

test('public keys, and a mention of the header, are left alone', () => {
  assert.deepEqual(found(block('PUBLIC KEY')), []);
  assert.deepEqual(found(block('CERTIFICATE')), []);
  assert.deepEqual(found(`PEM files start with ${dashes}BEGIN PRIVATE KEY${dashes} and then the key follows.`), []);
  assert.deepEqual(foundInJson('private-key', `["${dashes}BEGIN"]`), []);
});
