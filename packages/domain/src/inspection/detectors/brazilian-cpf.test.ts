import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('brazilian-cpf', value);

test('numbers in their form, and others where they are named are found', () => {
  for (const [text, expected] of [
    ['529.982.247-25', '529.982.247-25'],
    ['CPF 52998224725', '52998224725'],
    ['cpf: 529982247-25', '529982247-25'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['529.982.247-26', '52998224725', '111.111.111-11', '1529.982.247-25'])
    assert.deepEqual(found(text), [], text);
});
