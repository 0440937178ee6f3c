import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('us-social-security-number', value);

test('numbers with dashes, and others where they are named are found', () => {
  for (const [text, expected] of [
    ['mine is 536-22-1234.', '536-22-1234'],
    ['SSN: 536 22 1234', '536 22 1234'],
    ['social security number 536221234', '536221234'],
    ['line\\n536-22-1234', '536-22-1234'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of [
    '536221234',
    '000-12-3456',
    '666-12-3456',
    '912-12-3456',
    '536-00-1234',
    '536-22-0000',
    '078-05-1120',
    '1-536-22-1234',
    '536-22-1234-5',
    '2026-11-21',
    'part 536-22-12345',
  ])
    assert.deepEqual(found(text), [], text);
});
