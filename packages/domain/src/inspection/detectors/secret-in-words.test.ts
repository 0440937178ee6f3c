import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('secret-in-words', value);

test('values told in a sentence are found without what stands around them', () => {
  for (const [text, secret] of [
    ['The password is hunter2!x.', 'hunter2!x'],
    ['My password is "S3cr3t-9x", do not share it', 'S3cr3t-9x'],
    ['the API key is q7Zp2Lx9Vb4Nw8Kt', 'q7Zp2Lx9Vb4Nw8Kt'],
    ['We changed the admin password to Tr0ub4dor&3 yesterday', 'Tr0ub4dor&3'],
    ['your access token was 9f86d081884c7d659a2feaa0c55ad015', '9f86d081884c7d659a2feaa0c55ad015'],
  ] as const)
    assert.deepEqual(found(text), [secret], text);
});

test('words, names, dates, links and templates are left alone', () => {
  for (const text of [
    'The password is wrong.',
    'The password is required, and case-sensitive',
    'the password was changed on 2026-11-21',
    'The key is to listen.',
    'The token is valid until 12:30:45',
    'the password is <your-password-1>',
    'The keyword is banana12',
    'the API key is at https://x.example/k1',
    'the password was Summer24',
  ])
    assert.deepEqual(found(text), [], text);
});
