import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('chinese-resident-number', value);

test('numbers with a day of birth and a right last character are found', () => {
  for (const [text, expected] of [
    ['身份证 11010519491231002X', '11010519491231002X'],
    ['id 11010519491231002X', '11010519491231002X'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['110105194912310021', '11010519491331002X', '011010519491231002X', '11010519491231002Xa'])
    assert.deepEqual(found(text), [], text);
});
