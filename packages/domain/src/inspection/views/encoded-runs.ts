import { type Piece, pieceAt } from './piece.ts';

/** A run of characters of base64, its line breaks taken out. `pieces`: where each part of `written` begins. */
export interface EncodedRun {
  readonly written: string;
  readonly pieces: readonly Piece[];
}

/** Shorter runs are words; a secret that fits in less is not looked for. */
export const shortestRun = 24;

/** Of base64, of base64 for URLs, and so of hexadecimal digits too. */
const inRun = Uint8Array.from({ length: 256 }, (_, code) => {
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
  return isLetter || code === 0x2b || code === 0x2f || code === 0x2d || code === 0x5f ? 1 : 0;
});

/** The runs of a text (one character per byte), in order. Most of a text is stepped over without being looked at. */
export function encodedRuns(text: string): readonly EncodedRun[] {
  const runs: EncodedRun[] = [];
  let behind = 0;
  for (let probe = shortestRun - 1; probe < text.length; ) {
    if (inRun[text.charCodeAt(probe)] !== 1) {
      probe += shortestRun;
      continue;
    }
    let start = probe;
    while (start > behind && inRun[text.charCodeAt(start - 1)] === 1) start--;
    // The letter of an escape before a run is no part of it.
    if (start > 0 && text.charCodeAt(start - 1) === 0x5c) start++;
    let end = endOfRun(text, Math.max(start, probe));
    // Only an escaped slash lets a short one go on.
    if (end - start >= shortestRun || isEscapedSlash(text, end)) {
      const found = runFrom(text, start);
      if (found.run.written.length >= shortestRun) runs.push(found.run);
      end = found.end;
    }
    behind = end;
    probe = Math.max(end, probe) + shortestRun;
  }
  return runs;
}

/** Long base64 is often broken into lines, whose breaks JSON writes as escapes. */
const lineBreak = /(?:\\r)?\\n|\\r/y;

function endOfRun(text: string, from: number): number {
  let end = from;
  while (end < text.length && inRun[text.charCodeAt(end)] === 1) end++;
  return end;
}

function isEscapedSlash(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x5c && text.charCodeAt(at + 1) === 0x2f;
}

function runFrom(text: string, from: number): { readonly run: EncodedRun; readonly end: number } {
  const pieces: Piece[] = [];
  let written = '';
  let start = from;
  for (;;) {
    const end = endOfRun(text, start);
    pieces.push({ at: written.length, start });
    written += text.slice(start, end);
    if (isEscapedSlash(text, end)) {
      start = end + 1;
      continue;
    }
    lineBreak.lastIndex = end;
    const isBroken = end - start >= shortestRun && (end - start) % 4 === 0 && lineBreak.test(text);
    if (!isBroken || inRun[text.charCodeAt(lineBreak.lastIndex)] !== 1) return { run: { written, pieces }, end };
    start = lineBreak.lastIndex;
  }
}

/** Where the characters [start, end) of a run stand in the text. */
export function placeInRun({ pieces }: EncodedRun, start: number, end: number): { start: number; end: number } {
  const original = (at: number): number => {
    const { at: from, start: first } = pieceAt(pieces, at);
    return first + at - from;
  };
  return { start: original(start), end: original(end - 1) + 1 };
}
