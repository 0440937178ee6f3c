import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AddressKind, isWithin, kindOf, parseAddress, parseRange } from './address.ts';

function kind(text: string): AddressKind {
  const address = parseAddress(text);
  assert.ok(address !== null, `${text} is an address`);
  return kindOf(address);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

function hexadecimal(value: number): string {
  return `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
}

const anyFour = fc.nat({ max: 0xffff_ffff });
const anySixteen = fc
  .array(fc.nat({ max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((group) => group.toString(16)).join(':'));

const table: readonly (readonly [string, AddressKind])[] = [
  ['8.8.8.8', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['100.128.0.1', 'public'],
  ['169.254.1.1', 'link-local'],
  ['169.254.169.254', 'metadata'],
  ['169.254.170.2', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['168.63.129.16', 'metadata'],
  ['0.0.0.0', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['224.0.0.1', 'reserved'],
  ['2606:4700:4700::1111', 'public'],
  ['::', 'reserved'],
  ['::1', 'loopback'],
  ['fe80::1', 'link-local'],
  ['fc00::1', 'private'],
  ['fd12:3456::1', 'private'],
  ['fd00:ec2::254', 'metadata'],
  ['ff02::1', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::ffff:169.254.169.254', 'metadata'],
  ['::ffff:8.8.8.8', 'public'],
  ['::127.0.0.1', 'reserved'],
  ['64:ff9b::8.8.8.8', 'public'],
  ['64:ff9b::127.0.0.1', 'loopback'],
  ['64:ff9b::a9fe:a9fe', 'metadata'],
  ['64:ff9b:1::1', 'private'],
  ['2002:7f00:1::', 'loopback'],
  ['2002:a9fe:a9fe::', 'metadata'],
  ['2002:808:808::', 'reserved'],
  ['2001:0:53aa:64c::1', 'reserved'],
  ['2a00:1450::5efe:10.0.0.1', 'private'],
  ['4000::1', 'reserved'],
];

for (const [text, expected] of table) {
  test(`${text} is ${expected}`, () => assert.equal(kind(text), expected));
}

for (const text of [
  '',
  'localhost',
  '127.1',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '2130706433',
  '1.2.3',
  '1.2.3.4.5',
  '::1%lo',
  '[::1]',
  ':::1',
  '1.2.3.256',
])
  test(`"${text}" is no address, so that nobody reads it in two ways`, () => assert.equal(parseAddress(text), null));

test('what is public agrees with the list of special IPv4 ranges that the system keeps', () => {
  const special = new BlockList();
  for (const [net, bits] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
    ['168.63.129.16', 32],
  ] as const)
    special.addSubnet(net, bits, 'ipv4');
  fc.assert(
    fc.property(anyFour, (value) => assert.equal(kind(dotted(value)) === 'public', !special.check(dotted(value)))),
    { numRuns: 2000 },
  );
});

test('no writing as an IPv6 address makes an IPv4 address more reachable than it is', () => {
  fc.assert(
    fc.property(anyFour, anySixteen, (value, other) => {
      const inner = kind(dotted(value));
      const hex = hexadecimal(value);
      const prefix = other.split(':').slice(0, 4).join(':');
      assert.equal(kind(`::ffff:${dotted(value)}`), inner);
      assert.equal(kind(`::ffff:${hex}`), inner);
      assert.equal(kind(`64:ff9b::${hex}`), inner);
      for (const wrapped of [`2002:${hex}::1`, `${prefix}:0:5efe:${hex}`, `${prefix}:200:5efe:${hex}`, `::${hex}`]) {
        if (inner !== 'public') assert.notEqual(kind(wrapped), 'public', wrapped);
      }
    }),
    { numRuns: 1000 },
  );
});

test('outside of global unicast, nothing of IPv6 is public but what is mapped or translated', () => {
  fc.assert(
    fc.property(anySixteen, (text) => {
      const first = Number.parseInt(text, 16);
      const isGlobal = first >= 0x2000 && first < 0x4000;
      const stands = text.startsWith('64:ff9b:0:0:0:0:') || text.startsWith('0:0:0:0:0:ffff:');
      if (!isGlobal && !stands) assert.notEqual(kind(text), 'public');
    }),
    { numRuns: 2000 },
  );
});

test('an address lies in every range that is made of its own first bits, and in none of others', () => {
  fc.assert(
    fc.property(anyFour, fc.integer({ min: 1, max: 32 }), (value, bits) => {
      const address = parseAddress(dotted(value));
      assert.ok(address !== null);
      const shift = BigInt(32 - bits);
      const base = { family: 4, value: (address.value >> shift) << shift, bits } as const;
      assert.ok(isWithin(base, address));
      assert.ok(!isWithin({ ...base, value: base.value ^ (1n << shift) }, address));
    }),
  );
});

for (const text of ['10.0.0.0/33', '10.0.0.1/8', '10.0.0.0/', '10.0.0.0/8/8', 'fd00::/129', 'x/8', '10.0.0.0/-1'])
  test(`"${text}" is no range`, () => assert.equal(parseRange(text), null));
