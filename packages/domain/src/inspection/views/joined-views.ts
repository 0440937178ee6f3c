import { type Piece, pieceIndex } from './piece.ts';
import type { Place, View } from './view.ts';

/**
 * Where one string of an array ends and the next begins, or one block of text and the next. A string that a colon
 * follows is a key.
 */
const item = String.raw`,[ \t\r\n]{0,64}"(?!(?:[^"\\]|\\.){0,256}"[ \t\r\n]{0,64}:)`;
const block = String.raw`\}[ \t\r\n]{0,64},[ \t\r\n]{0,64}\{[ \t\r\n]{0,64}(?:"type"[ \t\r\n]{0,8}:[ \t\r\n]{0,8}"text"[ \t\r\n]{0,8},[ \t\r\n]{0,64})?"text"[ \t\r\n]{0,8}:[ \t\r\n]{0,8}"`;
const boundary = new RegExp(String.raw`"[ \t\r\n]{0,64}(?:${item}|${block})(?=[A-Za-z0-9_+/=-])`, 'y');
const inToken = /[A-Za-z0-9_+/=-]/;
/** A token that was cut leaves more than a word: a digit, a joint, or capitals. */
const telling = /[0-9_+/=-]|[a-z][A-Z]|[A-Z]{3}/;
/** How much on each side of a border is read; no token that is known has more before its last border. */
const reach = 192;

interface Gap {
  readonly start: number;
  readonly end: number;
}

/** What stands between parts is in none of them. */
interface Part extends Piece {
  readonly size: number;
}

/** Neighbouring strings put together. Only what reaches over a border of two is new. */
export function joinedViews(text: string): readonly View[] {
  const gaps = borders(text);
  if (gaps.length === 0) return [];
  const views = [joined(text, gaps, () => '')];
  // In a row of strings others may stand right before and behind the two that belong together.
  if (gaps.length > 1) for (const rest of [0, 1]) views.push(joined(text, gaps, (at) => (at % 2 === rest ? '' : '\n')));
  return views;
}

function borders(text: string): readonly Gap[] {
  const gaps: Gap[] = [];
  for (let at = text.indexOf('",'); at !== -1; at = text.indexOf('",', at + 2)) if (!isBeforeKey(text, at)) add(at);
  for (let at = text.indexOf('"}'); at !== -1; at = text.indexOf('"}', at + 2)) add(at);
  function add(at: number): void {
    if (!inToken.test(text.charAt(at - 1))) return;
    boundary.lastIndex = at;
    if (!boundary.test(text)) return;
    if (telling.test(tail(text, at))) gaps.push({ start: at, end: boundary.lastIndex });
  }
  return gaps.toSorted((a, b) => a.start - b.start);
}

/** By far the most borders are such, and a look at two characters knows them. */
function isBeforeKey(text: string, at: number): boolean {
  const open = at + 2;
  if (text.charCodeAt(open) !== quote) return false;
  const close = text.indexOf('"', open + 1);
  return text.charCodeAt(close + 1) === colon && text.charCodeAt(close - 1) !== backslash;
}

const quote = 34;
const colon = 58;
const backslash = 92;

function tail(text: string, end: number): string {
  let start = end;
  while (start > end - reach && inToken.test(text.charAt(start - 1))) start--;
  return text.slice(start, end);
}

function joined(text: string, gaps: readonly Gap[], between: (gap: number) => string): View {
  const pieces: Part[] = [];
  const parts: string[] = [];
  let length = 0;
  const add = (start: number, end: number, behind: string): void => {
    pieces.push({ at: length, start, size: end - start });
    parts.push(text.slice(start, end), behind);
    length += end - start + behind.length;
  };
  let start = Math.max(0, (gaps[0]?.start ?? 0) - reach);
  gaps.forEach((gap, at) => {
    const next = gaps[at + 1];
    if (gap.start - start > reach) start = gap.start - reach;
    add(start, gap.start, between(at));
    start = gap.end;
    if (next !== undefined && next.start - start <= 2 * reach) return;
    const quote = text.indexOf('"', start);
    const end = Math.min(quote === -1 ? text.length : quote, start + reach);
    add(start, end, '\n');
    start = end;
  });
  return { text: parts.join(''), encoding: null, placesOf: (from, to) => crossed(pieces, from, to) };
}

/** A place in each string that [from, to) reaches into; none when that is only one. */
function crossed(pieces: readonly Part[], from: number, to: number): readonly Place[] {
  const places: Place[] = [];
  for (let at = from; at < to; ) {
    const index = pieceIndex(pieces, at);
    const piece = pieces[index] ?? { at: 0, start: 0, size: 0 };
    const end = Math.min(to, pieces[index + 1]?.at ?? to);
    const last = Math.min(end, piece.at + piece.size);
    if (last > at) places.push({ start: piece.start + at - piece.at, end: piece.start + last - piece.at });
    at = end;
  }
  return places.length > 1 ? places : [];
}
