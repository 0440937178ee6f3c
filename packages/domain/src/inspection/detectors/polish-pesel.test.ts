import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('polish-pesel', value);

test('named numbers with a day and a check digit are found', () => {
  for (const [text, expected] of [
    ['PESEL: 44051401359', '44051401359'],
    ['pesel 02070803628', '02070803628'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['44051401359', 'PESEL 44051401358', 'PESEL 44053401350', 'pesel 440514013590'])
    assert.deepEqual(found(text), [], text);
});
