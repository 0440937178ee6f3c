// Ids such as `msg_01k3…`: ten characters of time, sixteen of chance, in an alphabet that sorts as the time does. Within a
// millisecond the chance part counts up, so that ids keep the order they were made in.
import type { Clock, Ids, Random } from './ambient.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeLength = 10;
const chanceLength = 16;
/** The last two of the chance characters, in one look: ids are made several times a message. */
const pairs = Array.from(alphabet, (first) => Array.from(alphabet, (second) => first + second)).flat();

export function createSortableIds(clock: Clock, random: Random): Ids {
  let millisecond = -1;
  /** The time and all chance characters but the last two. */
  let front = '';
  let pair = 0;
  let time = '';
  const chance = new Uint8Array(chanceLength - 2);

  function begin(now: number): void {
    millisecond = now;
    time = '';
    for (let rest = now, at = 0; at < timeLength; at++, rest = Math.floor(rest / 32)) time = alphabet[rest % 32] + time;
    const bytes = random.bytes(chanceLength);
    for (let at = 0; at < chance.length; at++) chance[at] = (bytes[at] ?? 0) & 31;
    // Room to count up without carrying past the front.
    chance[0] = (chance[0] ?? 0) & 15;
    pair = ((bytes[chanceLength - 2] ?? 0) & 31) * 32 + ((bytes[chanceLength - 1] ?? 0) & 31);
    writeFront();
  }

  function writeFront(): void {
    front = time;
    for (const digit of chance) front += alphabet[digit];
  }

  function countUp(): void {
    pair = (pair + 1) % pairs.length;
    if (pair !== 0) return;
    for (let at = chance.length - 1; at >= 0; at--) {
      const digit = ((chance[at] ?? 0) + 1) & 31;
      chance[at] = digit;
      if (digit !== 0) break;
    }
    writeFront();
  }

  return {
    next(prefix) {
      // A clock that was set back must not make ids that sort before those already given.
      const now = Math.max(clock.now(), millisecond);
      if (now === millisecond) countUp();
      else begin(now);
      return `${prefix}_${front}${pairs[pair]}`;
    },
  };
}
