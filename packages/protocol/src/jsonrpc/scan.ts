// Finds where things lie in a JSON text without building objects. Works on the latin1 view of UTF-8 bytes (one character
// per byte), in which JSON's structure is exact, so every offset is a byte offset of the raw message.

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A JSON text this scanner cannot walk: broken structure, or nested deeper than allowed. */
export class ScanError extends Error {
  readonly tooDeep: boolean;
  constructor(message: string, tooDeep = false) {
    super(message);
    this.name = 'ScanError';
    this.tooDeep = tooDeep;
  }
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

export function skipSpace(text: string, at: number): number {
  for (let i = at; ; i++) {
    const c = text.charCodeAt(i);
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return i;
  }
}

/** Below it, going through a string again is no work. */
const longString = 1024;
/** The longest string of the text that was gone through last: most of a long text is in it, and every walk meets it. */
let longest = { text: '', start: -1, end: -1 };

/** How long the longest string of a text is, as far as walks of this text went and no other text came in between; or 0. */
export function longestStringOf(text: string): number {
  return longest.text === text ? longest.end - longest.start : 0;
}

/** `at` is the opening quote; returns the offset after the closing one. */
export function skipString(text: string, at: number): number {
  if (at === longest.start && longest.text === text) return longest.end;
  const end = stringEnd(text, at);
  if (end - at >= longString && end - at > longestStringOf(text)) longest = { text, start: at, end };
  return end;
}

function stringEnd(text: string, at: number): number {
  let i = text.indexOf('"', at + 1);
  while (i > 0) {
    if (text.charCodeAt(i - 1) !== BACKSLASH) return i + 1;
    let back = i - 2;
    while (text.charCodeAt(back) === BACKSLASH) back--;
    if ((i - back) % 2 === 1) return i + 1;
    i = text.indexOf('"', i + 1);
  }
  throw new ScanError('a string is not closed');
}

/** `at` is a value's first character; returns the offset after its last one. */
export function skipValue(text: string, at: number, maxDepth: number): number {
  const c = text.charCodeAt(at);
  if (c === QUOTE) return skipString(text, at);
  if (c === OPEN_BRACE || c === OPEN_BRACKET) return skipNested(text, at, maxDepth);
  let i = at;
  for (; i < text.length; i++) {
    const d = text.charCodeAt(i);
    if (d === COMMA || d === CLOSE_BRACE || d === CLOSE_BRACKET || d <= 32) break;
  }
  if (i === at) throw new ScanError('a value is missing');
  return i;
}

function skipNested(text: string, at: number, maxDepth: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = skipString(text, i) - 1;
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++depth > maxDepth) throw new ScanError(`nested deeper than ${maxDepth} levels`, true);
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (--depth === 0) return i + 1;
        break;
    }
  }
  throw new ScanError('an object or array is not closed');
}

/** Sees one member of an object: its decoded key, and where key and value lie. */
export type MemberVisitor = (key: string, keyStart: number, valueStart: number, valueEnd: number) => void;

/** Walks the members of the object that opens at `at`, one level deep; returns the offset after its closing brace. */
export function walkObject(text: string, at: number, maxDepth: number, visit: MemberVisitor): number {
  if (text.charCodeAt(at) !== OPEN_BRACE) throw new ScanError('an object was expected');
  let i = skipSpace(text, at + 1);
  if (text.charCodeAt(i) === CLOSE_BRACE) return i + 1;
  for (;;) {
    if (text.charCodeAt(i) !== QUOTE) throw new ScanError('a member name was expected');
    const keyStart = i;
    const keyEnd = skipString(text, i);
    i = skipSpace(text, keyEnd);
    if (text.charCodeAt(i) !== COLON) throw new ScanError('a colon was expected');
    const valueStart = skipSpace(text, i + 1);
    const valueEnd = skipValue(text, valueStart, maxDepth - 1);
    visit(keyAt(text, keyStart, keyEnd), keyStart, valueStart, valueEnd);
    i = skipSpace(text, valueEnd);
    const c = text.charCodeAt(i);
    if (c === CLOSE_BRACE) return i + 1;
    if (c !== COMMA) throw new ScanError('a comma or closing brace was expected');
    i = skipSpace(text, i + 1);
  }
}

/** Walks the elements of the array that opens at `at`; returns the offset after its closing bracket. */
export function walkArray(
  text: string,
  at: number,
  maxDepth: number,
  visit: (index: number, start: number, end: number) => void,
): number {
  if (text.charCodeAt(at) !== OPEN_BRACKET) throw new ScanError('an array was expected');
  let i = skipSpace(text, at + 1);
  if (text.charCodeAt(i) === CLOSE_BRACKET) return i + 1;
  for (let index = 0; ; index++) {
    const end = skipValue(text, i, maxDepth - 1);
    visit(index, i, end);
    i = skipSpace(text, end);
    const c = text.charCodeAt(i);
    if (c === CLOSE_BRACKET) return i + 1;
    if (c !== COMMA) throw new ScanError('a comma or closing bracket was expected');
    i = skipSpace(text, i + 1);
  }
}

function keyAt(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  if (!inner.includes('\\')) return inner;
  try {
    return JSON.parse(text.slice(start, end)) as string;
  } catch {
    throw new ScanError('a member name has a broken escape');
  }
}
