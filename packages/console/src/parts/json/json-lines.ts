// Lays JSON text out for reading without parsing it into values: key order, number spelling and escapes stay exactly as
// they are in the original, only white space between tokens changes. Spans given in bytes come out as marked pieces. Pure.
import { type ByteSpan, toUtf16 } from './byte-spans.ts';

export type PieceKind = 'key' | 'string' | 'break' | 'number' | 'literal' | 'mark' | 'text';

export interface Piece {
  /** `break` is an escaped line feed inside a string, `mark` is punctuation, `text` is anything in text that is not JSON. */
  readonly kind: PieceKind;
  readonly text: string;
  /** Index of the span this piece lies in. */
  readonly span: number | null;
}

export interface Line {
  readonly depth: number;
  readonly pieces: readonly Piece[];
  /** For a line that opens an object or array: index of the line that closes it. */
  readonly closes: number | null;
}

/** Text that is not JSON comes out line by line as it is. */
export function jsonLines(text: string, spans: readonly ByteSpan[] = []): Line[] {
  const cuts = cutsOf(text, spans);
  return isJson(text) ? laidOut(text, cuts) : plain(text, cuts);
}

/** Spans as UTF-16 offsets, ascending and without overlap. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly span: number;
}

function cutsOf(text: string, spans: readonly ByteSpan[]): Cut[] {
  const offsets = [...new Set(spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const places = toUtf16(text, offsets);
  const placeOf = new Map(offsets.map((offset, index) => [offset, places[index] ?? 0]));
  const cuts = spans.map(({ start, end }, span) => ({
    from: placeOf.get(start) ?? 0,
    to: placeOf.get(end) ?? 0,
    span,
  }));
  cuts.sort((a, b) => a.from - b.from || a.to - b.to);
  let reached = 0;
  return cuts.flatMap((cut) => {
    const from = Math.max(cut.from, reached);
    if (cut.to < from) return [];
    reached = cut.to;
    return [{ ...cut, from }];
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const token = /[{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/gs;

function laidOut(text: string, cuts: readonly Cut[]): Line[] {
  const page = createPage(text, cuts);
  const tokens = [...text.matchAll(token)];
  for (const [index, { 0: said, index: at }] of tokens.entries()) {
    const next = tokens[index + 1]?.[0];
    const before = tokens[index - 1]?.[0];
    if (said === '{' || said === '[') {
      page.add('mark', at, 1);
      if (next !== '}' && next !== ']') page.open();
    } else if (said === '}' || said === ']') {
      if (before !== '{' && before !== '[') page.close();
      page.add('mark', at, 1);
    } else if (said === ',') {
      page.add('mark', at, 1);
      page.newLine();
    } else if (said === ':') {
      page.add('mark', at, 1);
      page.space();
    } else if (said.startsWith('"')) page.add(next === ':' ? 'key' : 'string', at, said.length);
    else page.add(/[tfn]/.test(said) ? 'literal' : 'number', at, said.length);
  }
  return page.lines();
}

function plain(text: string, cuts: readonly Cut[]): Line[] {
  const page = createPage(text, cuts);
  let at = 0;
  for (const line of text.split('\n')) {
    if (at > 0) page.newLine();
    page.add('text', at, line.length);
    at += line.length + 1;
  }
  return page.lines();
}

type Draft = { depth: number; pieces: Piece[]; closes: number | null };

function createPage(text: string, cuts: readonly Cut[]) {
  const lines: Draft[] = [{ depth: 0, pieces: [], closes: null }];
  const opened: number[] = [];
  let line = lines[0] as Draft;
  let nextCut = 0;

  function newLine(depth = line.depth) {
    line = { depth, pieces: [], closes: null };
    lines.push(line);
  }

  function push(kind: PieceKind, from: number, to: number, span: number | null) {
    if (kind !== 'string') {
      line.pieces.push({ kind, text: text.slice(from, to), span });
      return;
    }
    let at = from;
    // Escapes are read one after another, so that the backslash of an escaped backslash never opens a new one.
    for (const { 0: escape, index } of text.slice(from, to).matchAll(/\\./gs)) {
      if (escape !== '\\n') continue;
      if (from + index > at) line.pieces.push({ kind, text: text.slice(at, from + index), span });
      line.pieces.push({ kind: 'break', text: escape, span });
      at = from + index + 2;
    }
    if (at < to) line.pieces.push({ kind, text: text.slice(at, to), span });
  }

  return {
    newLine: () => newLine(),
    open() {
      opened.push(lines.length - 1);
      newLine(line.depth + 1);
    },
    close() {
      newLine(line.depth - 1);
      const opener = lines[opened.pop() ?? 0];
      if (opener) opener.closes = lines.length - 1;
    },
    space: () => line.pieces.push({ kind: 'mark', text: ' ', span: null }),
    /** Adds one token, cut where spans begin and end. */
    add(kind: PieceKind, start: number, length: number) {
      const end = start + length;
      let at = start;
      for (; nextCut < cuts.length; nextCut += 1) {
        const cut = cuts[nextCut];
        if (!cut || cut.from >= end) break;
        const from = Math.max(cut.from, start);
        if (from > at) push(kind, at, from, null);
        const to = Math.min(cut.to, end);
        if (to > from) push(kind, from, to, cut.span);
        else if (cut.to >= start) line.pieces.push({ kind, text: '', span: cut.span });
        at = Math.max(at, to);
        if (cut.to > end) break;
      }
      if (at < end) push(kind, at, end, null);
    },
    lines: (): Line[] => lines,
  };
}
