import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('dutch-citizen-number', value);

test('named numbers that pass the elevens test are found', () => {
  for (const [text, expected] of [
    ['BSN 111222333', '111222333'],
    ['burgerservicenummer: 123456782', '123456782'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['111222333', 'BSN 111222334', 'BSN 000000000', 'bsn 1112223330'])
    assert.deepEqual(found(text), [], text);
});
