import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const key = `${'aB3/dE6+gH9jK2mN5pQ8'.repeat(4)}xYz012==`;
const found = (value: unknown) => foundBy('azure-key', value);

test('the key of a storage connection string is found, the rest is left', () => {
  const string = `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${key};EndpointSuffix=core.windows.net`;
  assert.deepEqual(found(string), [key]);
  assert.deepEqual(found({ connection: string }), [key]);
});

test('shared access keys and signatures are found', () => {
  const short = `${key.slice(0, 43)}=`;
  assert.deepEqual(found(`Endpoint=sb://x/;SharedAccessKey=${short}`), [short]);
  const signature = `${'aB3dE6gH9jK2'.repeat(3)}mN5pQ8s%3D`;
  const link = `https://x.blob.example/c?sv=2024&sig=${signature}&se=1`;
  assert.deepEqual(found(link), [signature]);
  assert.deepEqual(foundInJson('azure-key', `{"link":"${link.replaceAll('&', '\\u0026')}"}`), [signature]);
});

test('client secrets of applications are found', () => {
  const secret = `aB3${'8Q~'}${'dE6gH9jK2mN5pQ8sT1vW4xY7zA0bC3dE6g'}`;
  assert.deepEqual(found({ value: secret }), [secret]);
});

test('base64 without such a name is left alone', () => {
  assert.deepEqual(found({ image: key, monkey: key }), []);
});
