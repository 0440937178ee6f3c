// What kind of place an IP address is. Pure: decides from the number alone, and looks through every form in which one
// address may hide another (mapped, translated, tunnelled).
import { isIPv4, isIPv6 } from 'node:net';

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/**
 * `metadata`: where clouds hand out credentials. `link-local`: this very wire. `loopback`: this machine. `private`: an
 * organization's own network. `reserved`: nobody's, everybody's (multicast), or a tunnel whose end cannot be known.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'link-local' | 'metadata' | 'reserved';

export interface AddressRange extends Address {
  /** Leading bits that count. */
  readonly bits: number;
}

/** null for what is no address: names, zones, and numbers in any other than the usual writing. */
export function parseAddress(text: string): Address | null {
  if (isIPv4(text)) return { family: 4, value: fromParts(text.split('.').map(Number), 8n) };
  if (!isIPv6(text) || text.includes('%')) return null;
  return { family: 6, value: parseSixteen(text) };
}

/** `10.0.0.0/8`, `fd00::/8`, or one address alone; null for anything else, or where bits beyond the prefix are set. */
export function parseRange(text: string): AddressRange | null {
  const [written = '', prefix, more] = text.split('/');
  const address = parseAddress(written);
  if (address === null || more !== undefined) return null;
  const width = widthOf(address.family);
  if (prefix === undefined) return { ...address, bits: width };
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(bits <= width)) return null;
  const rest = address.value & ((1n << BigInt(width - bits)) - 1n);
  return rest === 0n ? { ...address, bits } : null;
}

export function isWithin(range: AddressRange, { family, value }: Address): boolean {
  const shift = BigInt(widthOf(range.family) - range.bits);
  return family === range.family && value >> shift === range.value >> shift;
}

/** An IPv4 address written as an IPv6 one is taken for what it is; others stay as they are. */
export function plain(address: Address): Address {
  const isMapped = address.family === 6 && address.value >> 32n === 0xffffn;
  return isMapped ? { family: 4, value: address.value & low32 } : address;
}

export function kindOf(given: Address): AddressKind {
  const address = plain(given);
  const listed = (address.family === 4 ? ranges4 : ranges6).find(({ range }) => isWithin(range, address));
  if (listed !== undefined && listed.kind !== 'carries') return listed.kind;
  if (address.family === 4) return 'public';
  const inner = carried(address);
  if (inner !== null && kindOf(inner) !== 'public') return kindOf(inner);
  if (listed?.kind === 'carries') return isWithin(translated, address) ? 'public' : 'reserved';
  return isWithin(globalUnicast, address) ? 'public' : 'reserved';
}

const low32 = 0xffff_ffffn;

/** The IPv4 address that an IPv6 one stands for; null where it stands for none. */
function carried({ value }: Address): Address | null {
  const four = (inner: bigint): Address => ({ family: 4, value: inner & low32 });
  const address: Address = { family: 6, value };
  if (isWithin(translated, address)) return four(value);
  if (isWithin(sixToFour, address)) return four(value >> 80n);
  // Intra-site tunnels: the lower half is 0000:5efe or 0200:5efe, then the address.
  const interfaceId = (value >> 32n) & low32;
  return interfaceId === 0x0000_5efen || interfaceId === 0x0200_5efen ? four(value) : null;
}

function range(text: string): AddressRange {
  const parsed = parseRange(text);
  if (parsed === null) throw new Error(`${text} is no range`);
  return parsed;
}

const globalUnicast = range('2000::/3');
const translated = range('64:ff9b::/96');
const sixToFour = range('2002::/16');

type Listed = { readonly range: AddressRange; readonly kind: AddressKind | 'carries' };

function listed(kind: AddressKind | 'carries', ...texts: readonly string[]): readonly Listed[] {
  return texts.map((text) => ({ range: range(text), kind }));
}

/** The first that fits counts. */
const ranges4: readonly Listed[] = [
  ...listed('metadata', '169.254.169.254', '169.254.170.2', '169.254.170.23', '169.254.169.253', '169.254.169.123'),
  ...listed('metadata', '100.100.100.200', '168.63.129.16', '192.0.0.192'),
  ...listed('loopback', '127.0.0.0/8'),
  ...listed('link-local', '169.254.0.0/16'),
  ...listed('private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'),
  ...listed('reserved', '0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15'),
  ...listed('reserved', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'),
];

const ranges6: readonly Listed[] = [
  ...listed('metadata', 'fd00:ec2::254', 'fd00:ec2::23', 'fd00:ec2::253', 'fd20:ce::254', 'fe80::a9fe:a9fe'),
  ...listed('loopback', '::1'),
  ...listed('link-local', 'fe80::/10'),
  ...listed('private', 'fc00::/7', 'fec0::/10', '64:ff9b:1::/48'),
  ...listed('carries', '64:ff9b::/96', '2002::/16'),
  ...listed('reserved', '2001::/23', '2001:db8::/32', '3fff::/20'),
];

function widthOf(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

function parseSixteen(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const written = dotted === null ? text : `${dotted[1]}${asHexadecimal(dotted[2] ?? '')}`;
  const [head = '', tail] = written.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const gap = Array<number>(8 - before.length - after.length).fill(0);
  return fromParts([...before, ...gap, ...after], 16n);
}

function asHexadecimal(dotted: string): string {
  const value = fromParts(dotted.split('.').map(Number), 8n);
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function fromParts(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) | BigInt(part), 0n);
}
