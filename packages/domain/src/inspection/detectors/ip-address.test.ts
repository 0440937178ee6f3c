import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('ip-address', value);

test('addresses of both versions are found', () => {
  for (const address of [
    '10.1.2.3',
    '203.0.113.77',
    '2001:db8::ff00:42:8329',
    '2001:0db8:0000:0000:0000:ff00:0042:8329',
  ])
    assert.deepEqual(found(`from ${address} at noon`), [address]);
  assert.deepEqual(found('http://203.0.113.77:8080/'), ['203.0.113.77']);
});

test('what only looks like them is left alone', () => {
  for (const text of [
    '127.0.0.1',
    '0.0.0.0',
    '255.255.255.0',
    'version 1.2.3.4',
    'Chrome/120.0.0.0',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3',
    '12:30:45',
    'std::vector',
    '::1',
    'a::b',
    '00:1a:2b:3c:4d:5e',
  ])
    assert.deepEqual(found(text), [], text);
});
