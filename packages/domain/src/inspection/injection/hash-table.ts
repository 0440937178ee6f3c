/** From 32-bit hashes to small numbers, in two typed arrays: made once, asked for every word. */
export interface HashTable {
  /** 0 when there is none. */
  get(hash: number): number;
}

/** Values are 1 to 65,535. Of two entries with the same hash the first stays. */
export function createHashTable(entries: Iterable<readonly [hash: number, value: number]>): HashTable {
  const all = [...entries];
  let size = 16;
  while (size < all.length * 2) size *= 2;
  const mask = size - 1;
  const hashes = new Int32Array(size);
  const values = new Uint16Array(size);
  for (const [hash, value] of all) {
    let at = mixed(hash) & mask;
    while (values[at] !== 0 && hashes[at] !== (hash | 0)) at = (at + 1) & mask;
    if (values[at] !== 0) continue;
    hashes[at] = hash;
    values[at] = value;
  }
  return {
    get(hash) {
      let at = mixed(hash) & mask;
      while (values[at] !== 0) {
        if (hashes[at] === (hash | 0)) return values[at] as number;
        at = (at + 1) & mask;
      }
      return 0;
    },
  };
}

/** FNV-1a over UTF-16 units; word hashes and the hashes of their beginnings come from the same walk. */
export const emptyHash = 0x811c9dc5 | 0;

export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

export function hashOf(text: string): number {
  let hash = emptyHash;
  for (let at = 0; at < text.length; at++) hash = hashStep(hash, text.charCodeAt(at));
  return hash;
}

/** Spreads what FNV leaves in the low bits. */
export function mixed(hash: number): number {
  let h = hash ^ (hash >>> 15);
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return h ^ (h >>> 15);
}
