// Messages made to cost time: each is one megabyte of what some detector would have to look at closely again and again.
// There is no clock here. Were one of the searches not linear, this file would not end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectors } from './detector-catalog.ts';
import { compileInspector } from './inspect.ts';

const all = compileInspector(['secrets', 'cards', 'email', 'personal', 'network']);
const size = 1_000_000;

const fragments = [
  ...['@', 'a@a.', '@a.a.a.a', 'é@', `${'a'.repeat(63)}.`],
  ...['4', '4111-', '4111 1111 1111 '],
  ...['eyJ', 'eyJ-', 'eyJhbGciOiJIUzI1NiJ9.eyJ9.'],
  ...['-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n'],
  ...['sk-ant-a-', 'ghp_', 'xoxb-a', 'SG.a.', '1Q~', 'AKIAAAAAAAAAAAAAAAAA '],
  ...['://', '://a:1@', '://hooks.slack.com/services/'],
  ...['password=', "password='", 'password=\\"', 'token:', 'Server=a;Password=', 'token","value":"'],
  ...['DE89', 'DE89 3704 ', '+49 ', '+1(415)', '0151/', '123-45-', '1234567 ', 'phone: 1234567 ', 'AB 12 34 '],
  ...['1.2.3.4.', 'a:', '00:1a:', '12345678:AA', 'a.b.', 'key-0', 'ya29.', '1 22 33 44 ', '123.'],
  ...['authorization: bearer ', 'AccountKey=', '?sig=', '\\', '"', '[0m', '漢'],
];

test('texts of repeated beginnings are looked through to their end', () => {
  for (const fragment of fragments) {
    const text = fragment.repeat(Math.ceil(size / fragment.length));
    assert.ok(Array.isArray(all.inspect(Buffer.from(JSON.stringify({ text })))), fragment);
  }
});

test('lists of repeated beginnings, of a quarter of that, are looked through to their end', () => {
  for (const fragment of fragments) {
    const item = JSON.stringify(fragment);
    const items = Array.from({ length: Math.ceil(size / 4 / (item.length + 1)) }, () => item);
    assert.ok(Array.isArray(all.inspect(Buffer.from(`[${items.join(',')}]`))), fragment);
  }
});

test('texts of nothing but escapes are looked through to their end', () => {
  const escapes = [
    '\\u0041',
    '\\\\u0041',
    '\\/',
    '\\u005c',
    '\\u005cu005c',
    '\\u0040',
    'a\\u0040b.co ',
    '\\u002d',
    '\\\\\\\\',
    '\\n',
    '\\ud83d\\ude42',
  ];
  for (const escape of escapes)
    assert.ok(Array.isArray(all.inspect(Buffer.from(`["${escape.repeat(size / escape.length)}"]`))), escape);
});

test('deep nesting, and findings in every key and number, are looked through to their end', () => {
  assert.equal(all.inspect(Buffer.from('['.repeat(size / 2) + ']'.repeat(size / 2))).length, 0);
  const keys = Array.from({ length: 20_000 }, (_, index) => `"u${index}@example.com":4111111111111111`);
  assert.equal(all.inspect(Buffer.from(`{${keys.join(',')}}`)).length, 40_000);
});

test('anchors repeat nothing without a bound', () => {
  for (const { id, anchors } of detectors)
    for (const { behind = '', ahead = '' } of anchors)
      for (const source of [behind, ahead]) {
        const bare = source.replaceAll(/\\./g, '').replaceAll(/\[[^\]]*\]/g, '');
        assert.doesNotMatch(bare, /[*+]|\{\d+,\}/, id);
      }
});
