import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('canadian-social-insurance-number', value);

test('named numbers whose check digit is right are found', () => {
  for (const [text, expected] of [
    ['SIN 130 692 544', '130 692 544'],
    ['sin: 130-692-544', '130-692-544'],
    ['social insurance number 130692544', '130692544'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['130 692 544', 'SIN 130 692 545', 'using 130692544', 'sin 030692544'])
    assert.deepEqual(found(text), [], text);
});
