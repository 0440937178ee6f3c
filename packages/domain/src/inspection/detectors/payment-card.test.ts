import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('payment-card', value);

test('numbers of the known brands are found', () => {
  for (const card of [
    '4111111111111111',
    '4222222222222',
    '5555555555554444',
    '2223003122003222',
    '378282246310005',
    '30569309025904',
    '6011111111111117',
    '3530111333300000',
    '6200000000000005',
    '6304000000000000',
  ])
    assert.deepEqual(found(`card ${card}, thanks`), [card]);
});

test('numbers in groups are found, with spaces or with dashes', () => {
  for (const card of ['4111 1111 1111 1111', '4111-1111-1111-1111', '3782 822463 10005', '3056-930902-5904'])
    assert.deepEqual(found(`\n${card}\t12/27`), [card]);
});

test('a card as a JSON number is found as the whole number', () => {
  assert.deepEqual(foundInJson('payment-card', '{"pan":4111111111111111}'), ['4111111111111111']);
  assert.deepEqual(foundInJson('payment-card', '[ -4111111111111111 ,4111111111111111.0]'), [
    '-4111111111111111',
    '4111111111111111.0',
  ]);
});

test('several cards side by side are found each', () => {
  assert.deepEqual(found('4111111111111111 5555555555554444'), ['4111111111111111', '5555555555554444']);
  assert.deepEqual(found('4111 1111 1111 1111 5555 5555 5555 4444'), ['4111 1111 1111 1111', '5555 5555 5555 4444']);
});

test('a wrong check digit, another brand and mixed separators are left alone', () => {
  assert.deepEqual(found('4111111111111112 9111111111111111 4111 1111-1111 1111'), []);
});

test('digits inside something longer are left alone', () => {
  for (const text of [
    '44111111111111111',
    '4111111111111111111111',
    'a4111111111111111',
    '4111111111111111f',
    '0.4111111111111111',
    '4111111111111111.25',
    '1234-4111-1111-1111-1111',
    '4111-1111-1111-1111-2222',
    'd0b6a1f2-4111-1111-1111-111111111111',
  ])
    assert.deepEqual(found(text), [], text);
  assert.deepEqual(foundInJson('payment-card', '[4111111111111111e3, 0.4111111111111111]'), []);
});
