// Anybody may begin a sign-in, and each one is kept for ten minutes. So that nobody fills the database with them, one network
// may begin so many in a minute at each hub; an office behind one address is far below that.
import type { Clock } from '@mcpvault/domain/ambient';

export interface Beginnings {
  /** 0 where it may begin; else the seconds to wait. */
  wait(network: Buffer): number;
}

export const beginningsAMinute = 300;
const minute = 60_000;
/** Of networks that are counted at once; beyond it the oldest are forgotten. */
const networksAtMost = 20_000;

interface Counted {
  count: number;
  readonly since: number;
}

export function createBeginnings(clock: Clock): Beginnings {
  const counted = new Map<string, Counted>();
  return {
    wait(network) {
      const now = clock.now();
      const key = network.toString('base64');
      const held = counted.get(key);
      if (held !== undefined && now - held.since < minute) {
        held.count++;
        return held.count <= beginningsAMinute ? 0 : Math.ceil((held.since + minute - now) / 1000);
      }
      counted.delete(key);
      counted.set(key, { count: 1, since: now });
      const [oldest] = counted.keys();
      if (counted.size > networksAtMost && oldest !== undefined) counted.delete(oldest);
      return 0;
    },
  };
}
