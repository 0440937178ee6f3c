import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkFromAddress } from './link-from-address.ts';

test('the link is read from the fragment and leaves the address', () => {
  assert.deepEqual(linkFromAddress('http://127.0.0.1:7717/setup#link=mcpl_a-B_9'), {
    link: 'mcpl_a-B_9',
    cleaned: 'http://127.0.0.1:7717/setup',
  });
});

test('an address without a link says so, and other fragments go too', () => {
  for (const address of [
    'http://h/invite',
    'http://h/invite#link=',
    'http://h/invite#link=%20',
    'http://h/invite#other',
  ]) {
    assert.deepEqual(linkFromAddress(address), { link: null, cleaned: 'http://h/invite' });
  }
});
