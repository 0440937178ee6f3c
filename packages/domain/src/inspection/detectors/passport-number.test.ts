import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('passport-number', value);

test('numbers right behind a word for passport are found', () => {
  for (const [text, expected] of [
    ['Passport No: 533380006', '533380006'],
    ['passport number is AB1234567.', 'AB1234567'],
    ['Reisepass 123456789', '123456789'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
  assert.deepEqual(found({ passport_number: 'C1234567' }), ['C1234567']);
  assert.deepEqual(foundInJson('passport-number', '{"passport":533380006}'), ['533380006']);
});

test('what only looks like them is left alone', () => {
  for (const text of [
    '533380006',
    'passport: yes. Order 533380006',
    'The passport was lost! Call 5333800',
    'passport 12345',
    'passport 5333800061',
  ])
    assert.deepEqual(found(text), [], text);
});
