import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressKey } from './lockout.ts';

test('addresses of one IPv6 network count as one, others as what they are', () => {
  const same = (one: string, other: string) => addressKey(one).equals(addressKey(other));
  assert.ok(same('2001:db8:1:2::1', '2001:DB8:1:2:ffff:ffff:ffff:ffff'));
  assert.ok(same('2001:db8::1', '2001:db8:0:0:5::'));
  assert.ok(same('::1', '0:0:0:0::2'));
  assert.ok(same('fe80::1%eth0', 'fe80::2'));
  assert.ok(same('::ffff:192.0.2.1', '192.0.2.1'));
  assert.ok(!same('2001:db8:1:2::1', '2001:db8:1:3::1'));
  assert.ok(!same('::ffff:192.0.2.1', '::ffff:192.0.2.2'));
  assert.ok(!same('192.0.2.1', '192.0.2.2'));
  assert.ok(!same('unknown', 'someone'));
});
