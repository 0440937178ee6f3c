/** Whether an address lies in a network such as `10.0.0.0/8` or `fd00::/8`. What cannot be read lies in none. */
export function isInNetwork(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/');
  const inside = bytesOf(address);
  const around = bytesOf(base);
  if (inside === null || around === null || inside.length !== around.length) return false;
  const prefix = bits === undefined ? around.length * 8 : Number(bits);
  if (!Number.isInteger(prefix) || bits === '' || prefix < 0 || prefix > around.length * 8) return false;
  return around.every((byte, index) => {
    const taken = Math.min(8, Math.max(0, prefix - index * 8));
    const mask = (0xff << (8 - taken)) & 0xff;
    return ((inside[index] ?? 0) & mask) === (byte & mask);
  });
}

/** 4 or 16 bytes; IPv4 written as IPv6 counts as IPv4. null for what is no address. */
function bytesOf(address: string): number[] | null {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(plain)) {
    const bytes = plain.split('.').map(Number);
    return bytes.every((byte) => byte <= 255) ? bytes : null;
  }
  return sixteenBytes(plain);
}

function sixteenBytes(address: string): number[] | null {
  if (!/^[0-9a-f:]{2,39}$/i.test(address)) return null;
  const [head = '', tail, ...more] = address.split('::');
  if (more.length > 0) return null;
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...before, ...new Array<string>(tail === undefined ? 0 : missing).fill('0'), ...after];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
}
