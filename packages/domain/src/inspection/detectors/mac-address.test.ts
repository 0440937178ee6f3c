import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('mac-address', value);

test('addresses with colons and with dashes are found', () => {
  for (const address of ['00:1A:2b:3c:4d:5e', '00-1A-2B-3C-4D-5E'])
    assert.deepEqual(found(`card ${address} is up`), [address]);
});

test('what only looks like them is left alone', () => {
  for (const text of [
    '00:1A:2b:3c:4d:5e:6f',
    '00:1A:2b:3c:4d',
    '00:00:00:00:00:00',
    'ff:ff:ff:ff:ff:ff',
    '00:1A-2b:3c:4d:5e',
  ])
    assert.deepEqual(found(text), [], text);
});
