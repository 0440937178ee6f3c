import { hidingEscape } from './scanner.ts';

/** A text with its hiding escapes written out, and the way back to the original. */
export interface Revealed {
  readonly text: string;
  /** The original offset of the character at `index`. */
  readonly startOf: (index: number) => number;
  /** The original offset just behind the character before `index`. */
  readonly endOf: (index: number) => number;
}

/** A whole run of backslashes goes with its escape: inside JSON inside a string escapes are themselves escaped. */
const hiding = new RegExp(String.raw`(?<!\\)\\+(?:${hidingEscape})`, 'g');

export function reveal(original: string): Revealed {
  const text = original.replace(hiding, written);
  let escapes: Escapes | null = null;
  const known = (): Escapes => (escapes ??= findEscapes(original));
  return {
    text,
    startOf: (index) => known().originalOf(index),
    endOf: (index) => (index === 0 ? 0 : known().originalOf(index - 1) + known().lengthAt(index - 1)),
  };
}

function written(escape: string): string {
  return escape.endsWith('/') ? '/' : String.fromCharCode(Number.parseInt(escape.slice(-2), 16));
}

interface Escapes {
  originalOf(index: number): number;
  lengthAt(index: number): number;
}

function findEscapes(original: string): Escapes {
  /** Index in the revealed text, original offset and length of each escape, ascending. */
  const indexes: number[] = [];
  const offsets: number[] = [];
  const lengths: number[] = [];
  let shortened = 0;
  for (const match of original.matchAll(hiding)) {
    indexes.push(match.index - shortened);
    offsets.push(match.index);
    lengths.push(match[0].length);
    shortened += match[0].length - 1;
  }
  const lastUpTo = (index: number): number => {
    let low = 0;
    let high = indexes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((indexes[middle] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  return {
    originalOf(index) {
      const nearest = lastUpTo(index);
      if (nearest < 0) return index;
      const distance = index - (indexes[nearest] ?? 0);
      return (offsets[nearest] ?? 0) + (distance === 0 ? 0 : (lengths[nearest] ?? 1) - 1 + distance);
    },
    lengthAt(index) {
      const nearest = lastUpTo(index);
      return nearest >= 0 && indexes[nearest] === index ? (lengths[nearest] ?? 1) : 1;
    },
  };
}
