import { anchorSource } from './anchor-source.ts';
import type { Anchor, Detector } from './detector.ts';
import type { Encoding } from './views/view.ts';

/** What a detector reported, as offsets into the text that was scanned. */
export interface Match {
  readonly detector: string;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
  /** How it is written where it stands, if not plainly. */
  readonly encoding?: Encoding;
}

/** There is more to find than was asked for at most. */
export class TooManyFindings extends Error {
  constructor(atMost: number) {
    super(`more than ${atMost} findings`);
    this.name = 'TooManyFindings';
  }
}

/**
 * Answers null when nothing was found, and `hidden` when escapes have to be written out before looking again; with
 * `asItIs` they are passed over. Throws `TooManyFindings` as soon as there are more than `atMost`.
 */
export type Scan = (text: string, asItIs: boolean, atMost: number) => Match[] | null | 'hidden';

/**
 * Escapes that can hide ASCII from a search of raw JSON: `\/` and `\u0020` to `\u007e`. Left out are `&`, `<` and `>`,
 * which many writers escape as a habit and which only ever separate.
 */
export const hidingEscape = String.raw`\/|u00(?:2[0-57-9A-Fa-f]|3[0-9ABDFabdf]|[456][0-9A-Fa-f]|7[0-9A-Ea-e])`;
const backslash = 92;

/** What JSON and the words in it are full of. */
const common = /[\\:=/kw]/i;

type Frequency = 'common' | 'digit' | 'rare';

function frequencyOf({ chars }: Anchor): Frequency {
  return /\d/.test(chars) ? 'digit' : common.test(chars) ? 'common' : 'rare';
}

/**
 * Compiles detectors into a search. Their anchors become regular expressions each of whose alternatives begins with a
 * character of its own, so that clean text is passed over at memory speed. A character that is everywhere would slow the
 * search for the others down, so that common ones and digits get passes of their own: three fast passes cost a fraction of
 * one slow one.
 */
export function compileScanner(detectors: readonly Detector[]): Scan {
  const frequencies: readonly Frequency[] = ['common', 'rare', 'digit'];
  const passes = frequencies.map((one) => compilePass(detectors, one)).filter((pass) => pass !== null);
  return (text, asItIs, atMost) => {
    let matches: Match[] | null = null;
    for (const pass of passes) {
      const found = pass(text, asItIs, atMost - (matches?.length ?? 0));
      if (found === 'hidden') return found;
      if (found !== null) matches = matches === null ? found : matches.concat(found);
    }
    return matches;
  };
}

function compilePass(detectors: readonly Detector[], frequency: Frequency): Scan | null {
  const byCharacter: (Detector[] | undefined)[] = new Array(256);
  const anchors: Anchor[] = frequency === 'common' ? [{ chars: '\\', ahead: hidingEscape }] : [];
  for (const detector of detectors) {
    for (const anchor of detector.anchors) {
      if (frequencyOf(anchor) !== frequency) continue;
      anchors.push(anchor);
      for (const char of anchor.chars) {
        const watching = (byCharacter[char.charCodeAt(0)] ??= []);
        if (!watching.includes(detector)) watching.push(detector);
      }
    }
  }
  if (anchors.length === 0) return null;
  const search = new RegExp(anchorSource(anchors), 'g');
  return (text, asItIs, atMost) => scanPass(text, asItIs, atMost, search, byCharacter);
}

function scanPass(
  text: string,
  asItIs: boolean,
  atMost: number,
  search: RegExp,
  byCharacter: readonly (Detector[] | undefined)[],
): Match[] | null | 'hidden' {
  search.lastIndex = 0;
  let hit = search.exec(text);
  if (hit === null) return null;
  let matches: Match[] | null = null;
  const reportedUntil = new Map<string, number>();
  for (; hit !== null; hit = search.exec(text)) {
    const at = hit.index;
    search.lastIndex = at + 1;
    const code = text.charCodeAt(at);
    if (code === backslash && !asItIs) return 'hidden';
    for (const { id, judge } of byCharacter[code] ?? []) {
      if (at < (reportedUntil.get(id) ?? 0)) continue;
      judge(text, at, (start, end, confidence) => {
        reportedUntil.set(id, Math.max(end, reportedUntil.get(id) ?? 0));
        matches ??= [];
        matches.push({ detector: id, start, end, confidence });
        if (matches.length > atMost) throw new TooManyFindings(atMost);
      });
    }
  }
  return matches;
}
