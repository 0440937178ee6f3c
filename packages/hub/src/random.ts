import type { Random } from '@mcpvault/domain/ambient';

const poolBytes = 4096;
const largestFromPool = 64;

/**
 * Randomness from `fill`, the system's own, asked for in larger pieces: each asking costs more than the few bytes that the message path needs
 * at a time. What was given out is not kept.
 */
export function createRandom(fill: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): Random {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;
  return {
    bytes(length) {
      if (length > largestFromPool) return fill(new Uint8Array(length));
      if (used + length > poolBytes) {
        fill(pool);
        used = 0;
      }
      const given = pool.slice(used, used + length);
      pool.fill(0, used, used + length);
      used += length;
      return given;
    },
  };
}
