import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInNetwork } from './network.ts';

test('an address lies in a network, or not, or cannot be read', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['192.168.1.129', '192.168.1.128/25', true],
    ['192.168.1.127', '192.168.1.128/25', false],
    ['1.2.3.4', '0.0.0.0/0', true],
    ['1.2.3.4', '1.2.3.4', true],
    ['fd00::1', 'fd00::/8', true],
    ['2001:db8::5:1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['::1', '::1/128', true],
    ['10.1.2.3', '::/0', false],
    ['', '0.0.0.0/0', false],
    ['10.1.2.999', '10.0.0.0/8', false],
    ['10.1.2.3', '10.0.0.0/33', false],
    ['10.1.2.3', '10.0.0.0/', false],
    ['10.1.2.3', 'all', false],
    ['1::2::3', '::/0', false],
    ['1:2:3:4:5:6:7:8:9', '::/0', false],
  ];
  for (const [address, network, expected] of table)
    assert.equal(isInNetwork(address, network), expected, `${address} ${network}`);
});
