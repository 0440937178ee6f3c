import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('iban', value);

test('account numbers of many countries are found, in one piece and in groups', () => {
  for (const number of [
    'DE89370400440532013000',
    'DE89 3704 0044 0532 0130 00',
    'GB82 WEST 1234 5698 7654 32',
    'FR1420041010050500013M02606',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
  ])
    assert.deepEqual(found(`pay to ${number}, please`), [number]);
});

test('a number that a space follows is not run into the next word', () => {
  assert.deepEqual(found('DE89370400440532013000 NOW'), ['DE89370400440532013000']);
});

test('wrong check digits, wrong lengths and unknown countries are left alone', () => {
  for (const text of [
    'DE88370400440532013000',
    'DE8937040044053201300',
    'XX89370400440532013000',
    'DE893704004405320130001',
    'ADE89370400440532013000',
  ])
    assert.deepEqual(found(text), [], text);
});

test('a number in a key is found', () => {
  assert.deepEqual(foundInJson('iban', '{"DE89370400440532013000":1}'), ['DE89370400440532013000']);
});
