import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('italian-fiscal-code', value);

test('codes whose last letter is right are found', () => {
  for (const [text, expected] of [
    ['codice fiscale RSSMRA85T10A562S', 'RSSMRA85T10A562S'],
    ['x RSSMRA85T10A562S,', 'RSSMRA85T10A562S'],
  ] as const)
    assert.deepEqual(found(text), [expected], text);
});

test('what only looks like them is left alone', () => {
  for (const text of ['RSSMRA85T10A562T', 'ARSSMRA85T10A562S', 'RSSMRA85T10A562SX', 'RSSMRA85Z10A562S'])
    assert.deepEqual(found(text), [], text);
});
