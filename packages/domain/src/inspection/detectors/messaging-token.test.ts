import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('messaging-token', value);

test('each kind is found, and nothing around it', () => {
  for (const token of [
    `123456789:AA${'aB3dE6gH9jK'.repeat(3)}`,
    `MTA${'aB3dE6g'.repeat(3)}.Gabcde.${'aB3dE6gH9'.repeat(3)}`,
    `key-${'0a1b2c3d4e'.repeat(30).slice(0, 32)}`,
    `${'0a1b2c3d4e'.repeat(30).slice(0, 32)}-us12`,
  ])
    assert.deepEqual(found(`use ${token}, please`), [token]);
});

test('what is too short, mentioned or part of a word is left alone', () => {
  for (const text of [
    'key-value',
    '12:AA',
    'www.example.org',
    `key-${'0a1b2c3d4e'.repeat(30).slice(0, 33)}`,
    'discord.com/api/webhooks/',
  ])
    assert.deepEqual(found(text), [], text);
});

test('the address of a webhook is found behind its host', () => {
  const address = `/api/webhooks/123456789012345678/${'aB3dE6gH9j'.repeat(7)}`;
  assert.deepEqual(found(`https://discord.com${address}`), [address]);
});
