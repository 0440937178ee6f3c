import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('phone-number', value);

test('international numbers are found in all spellings', () => {
  for (const number of ['+49 30 901820', '+1 (415) 555-2671', '+442079460958', '+33 1 23 45 67 89', '+81-3-1234-5678'])
    assert.deepEqual(found(`reach us under ${number}.`), [number]);
});

test('american numbers are found, others only where they are named', () => {
  assert.deepEqual(found('(415) 555-2671 or 415-555-2671'), ['(415) 555-2671', '415-555-2671']);
  for (const [text, number] of [
    ['Tel.: 0151/23456789', '0151/23456789'],
    ['phone: 030 901820', '030 901820'],
    ['mobile_number=07911123456', '07911123456'],
    ['call me at 5551234567', '5551234567'],
  ] as const)
    assert.deepEqual(found(text), [number]);
  assert.deepEqual(found({ phoneNumber: '07911 123456' }), ['07911 123456']);
  assert.deepEqual(foundInJson('phone-number', '{"phone":4155552671}'), ['4155552671']);
});

test('what only looks like them is left alone', () => {
  for (const text of [
    '2026-11-21',
    '1700000000',
    'v1.2.3',
    '+1.5 degrees',
    '+12 pieces',
    'order 415-155-2671',
    '1-415-555-2671-9',
    'YWJj+49309018201234/a',
    'the telephone was invented in 1876',
    'call_id: 1700000000',
    'hotline opens 10:30',
    '192.168.100.200',
  ])
    assert.deepEqual(found(text), [], text);
});
