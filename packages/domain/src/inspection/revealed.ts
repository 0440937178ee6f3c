import { hidingEscape } from './scanner.ts';

/** A text with its hiding escapes in their shortest spelling, and the way back to the original. */
export interface Revealed {
  readonly text: string;
  /** The original offset where the character at `index` begins. */
  readonly startOf: (index: number) => number;
  /** The original offset where the character before `index` ends. */
  readonly endOf: (index: number) => number;
}

const hiding = new RegExp(String.raw`(?<!\\)(\\+)(${hidingEscape})`, 'g');

export function reveal(original: string): Revealed {
  let escapes: Escapes | null = null;
  const known = (): Escapes => (escapes ??= findEscapes(original));
  return {
    text: original.replace(hiding, (_whole, backslashes: string, code: string) => spelled(backslashes, code).whole),
    startOf: (index) => known().original(index).start,
    endOf: (index) => (index === 0 ? 0 : known().original(index - 1).end),
  };
}

/**
 * How an escape behind a run of backslashes is written at its shortest. In JSON inside a string inside a string escapes
 * are themselves escaped: 2^n backslashes belong to one of the level n, those before them are something else.
 */
function spelled(backslashes: string, code: string): { readonly whole: string; readonly kept: number } {
  const own = backslashes.length & -backslashes.length;
  const kept = backslashes.length - own;
  const character = code === '/' ? code : String.fromCharCode(Number.parseInt(code.slice(-2), 16));
  const escaping = character === '"' ? 2 * own - 1 : character === '\\' ? 2 * own - 1 : 0;
  return { whole: '\\'.repeat(kept + escaping) + character, kept };
}

interface Escapes {
  /** Where in the original the character at `index` of the revealed text is written. */
  original(index: number): { readonly start: number; readonly end: number };
}

/** An escape from its own backslashes on: where it stands in the revealed text, and where in the original. */
interface Place {
  readonly index: number;
  readonly length: number;
  readonly start: number;
  readonly end: number;
}

function findEscapes(original: string): Escapes {
  const places: Place[] = [];
  let shortened = 0;
  for (const match of original.matchAll(hiding)) {
    const [written, backslashes = '', code = ''] = match;
    const { whole, kept } = spelled(backslashes, code);
    const start = match.index + kept;
    places.push({ index: start - shortened, length: whole.length - kept, start, end: match.index + written.length });
    shortened += written.length - whole.length;
  }
  return {
    original(index) {
      const place = places[lastUpTo(places, index)];
      if (place === undefined) return { start: index, end: index + 1 };
      const behind = index - place.index - place.length;
      return behind < 0 ? place : { start: place.end + behind, end: place.end + behind + 1 };
    },
  };
}

function lastUpTo(places: readonly Place[], index: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.index ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
