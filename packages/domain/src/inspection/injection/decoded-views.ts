// What a text says once an encoding is undone. Whoever hides an instruction wants it read, so the encodings are those that
// models decode readily. A view is kept only when it reads as text.
import { emptyHash, hashStep } from './hash-table.ts';
import type { WordMeanings } from './word-meanings.ts';

export interface DecodedView {
  readonly text: string;
  /** Where in the original it is written: offsets in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const mostViews = 24;
const mostDecoded = 8192;
/** What changes words and not runs is looked for in this much of a text only. */
const readForWords = 4096;
const mostShifted = 8;
const deepest = 2;

/** The views of `text`, those of its views included, in no order that matters. Bounded in number and size. */
export function decodedViews(text: string, meanings: WordMeanings): readonly DecodedView[] {
  const found: DecodedView[] = [];
  let room = mostDecoded;
  const visit = (from: string, depth: number, around: DecodedView | null): void => {
    for (const decode of decoders) {
      decode(from, meanings, (decoded, start, end) => {
        if (found.length >= mostViews || room <= 0 || decoded.length < 8) return;
        const cut = decoded.slice(0, room);
        const view = around === null ? { text: cut, start, end } : { ...around, text: cut };
        if (found.some((other) => other.text === cut)) return;
        found.push(view);
        room -= cut.length;
        if (depth < deepest) visit(cut, depth + 1, view);
      });
    }
  };
  visit(text, 1, null);
  return found;
}

type Take = (decoded: string, start: number, end: number) => void;
type Decoder = (text: string, meanings: WordMeanings, take: Take) => void;

const decoders: readonly Decoder[] = [
  base64,
  hexadecimal,
  binary,
  decimal,
  morse,
  written,
  spaced,
  interrupted,
  leet,
  shifted,
  tagged,
];

function base64(text: string, _meanings: WordMeanings, take: Take): void {
  for (const match of text.matchAll(/(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,4000}={0,2}/g)) {
    const [run] = match;
    if (!/[a-z]/.test(run) && !/[0-9+/]/.test(run)) continue;
    if (!/[A-Z]/.test(run) || /^[0-9a-fA-F]+$/.test(run)) continue;
    const decoded = Buffer.from(run, 'base64').toString('utf8');
    if (reads(decoded)) take(decoded, match.index, match.index + run.length);
  }
}

function hexadecimal(text: string, _meanings: WordMeanings, take: Take): void {
  for (const match of text.matchAll(/(?<![0-9A-Za-z])(?:(?:\\x|0x|%)?[0-9a-fA-F]{2}[ ,:]?){8,4000}/g)) {
    const digits = match[0].replace(/\\x|0x|[ ,:%]/g, '');
    const decoded = Buffer.from(digits, 'hex').toString('utf8');
    if (reads(decoded)) take(decoded, match.index, match.index + match[0].length);
  }
}

function binary(text: string, _meanings: WordMeanings, take: Take): void {
  for (const match of text.matchAll(/(?<![0-9])(?:[01]{8}[ ,]?){6,2000}/g)) {
    const bytes = match[0].match(/[01]{8}/g) ?? [];
    const decoded = bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join('');
    if (reads(decoded)) take(decoded, match.index, match.index + match[0].length);
  }
}

function decimal(text: string, _meanings: WordMeanings, take: Take): void {
  for (const match of text.matchAll(/(?:\b\d{2,3}[ ,]{1,2}){7,2000}\d{2,3}\b/g)) {
    const points = (match[0].match(/\d+/g) ?? []).map(Number);
    if (points.some((point) => point > 126)) continue;
    const decoded = String.fromCharCode(...points);
    if (reads(decoded)) take(decoded, match.index, match.index + match[0].length);
  }
}

const morseLetters: ReadonlyMap<string, string> = new Map(
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'
    .split(' ')
    .map((code, at) => [code, String.fromCharCode(0x61 + at)]),
);

function morse(text: string, _meanings: WordMeanings, take: Take): void {
  for (const match of text.matchAll(/(?<![.-])(?:[.-]{1,4}[ /|]{1,3}){10,1000}[.-]{1,4}/g)) {
    const decoded = match[0].replace(/[.-]+|[ /|]+/g, (part) =>
      part.trim() === part && !/[/|]/.test(part) ? (morseLetters.get(part) ?? '') : /[/|]| {2}/.test(part) ? ' ' : '',
    );
    if (reads(decoded)) take(decoded, match.index, match.index + match[0].length);
  }
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  sol: '/',
};

/** Escapes of URLs, markup and program text, each written out where it stands. */
function written(text: string, _meanings: WordMeanings, take: Take): void {
  if (!/%[0-9a-f]{2}|&(?:#|[a-z]{2,4};)|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}/i.test(text)) return;
  let changes = 0;
  const counted = (to: string): string => {
    changes++;
    return to;
  };
  const decoded = text
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => counted(Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8')))
    .replace(/&#(x?)([0-9a-f]{1,6});?/gi, (whole, hex: string, digits: string) => {
      const point = Number.parseInt(digits, hex === '' ? 10 : 16);
      return point > 0 && point <= 0x10ffff ? counted(String.fromCodePoint(point)) : whole;
    })
    .replace(/&([a-z]{2,4});/g, (whole, name: string) =>
      entities[name] === undefined ? whole : counted(entities[name]),
    )
    .replace(/\\(?:u|x(?=[0-9a-f]{2}))([0-9a-f]{2}(?:[0-9a-f]{2})?)/gi, (_whole, digits: string) =>
      counted(String.fromCharCode(Number.parseInt(digits, 16))),
    );
  if (changes >= 4) take(decoded, 0, text.length);
}

/** "i g n o r e", with wider gaps between words or without. */
function spaced(text: string, meanings: WordMeanings, take: Take): void {
  for (const match of text.matchAll(/(?<![A-Za-z0-9])[A-Za-z](?:[ .\-_*|/\\·•+~]{1,4}[A-Za-z](?![A-Za-z])){6,2000}/g)) {
    const [run] = match;
    const words = run.split(/[ .\-_*|/\\·•+~]{2,}/);
    const joined = words.map((word) => word.replace(/[^A-Za-z]/g, ''));
    const readable = joined.length > 1 ? joined.join(' ') : segmented(joined[0] ?? '', meanings);
    take(readable, match.index, match.index + run.length);
  }
}

/** Words that something stands in the middle of: "ig-nore", "ig*nore". */
function interrupted(text: string, meanings: WordMeanings, take: Take): void {
  const inside = /(?<=[A-Za-z])[-_.*~^`|'"+\\]{1,2}(?=[A-Za-z])/g;
  const short = text.length > readForWords ? text.slice(0, readForWords) : text;
  if ((short.match(inside)?.length ?? 0) < 4) return;
  const joined = short.replace(inside, '');
  if (knownWords(joined, meanings) > knownWords(short, meanings) + 0.1) take(joined, 0, short.length);
}

const leetLetters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
  '(': 'c',
  '€': 'e',
  '£': 'l',
};

const betweenLetters = /[A-Za-z][013456789@$!|+(€£](?=[A-Za-z])/g;

function leet(text: string, meanings: WordMeanings, take: Take): void {
  const short = text.length > readForWords ? text.slice(0, readForWords) : text;
  if ((short.match(betweenLetters)?.length ?? 0) < 2) return;
  let changes = 0;
  const plain = short.replace(/\S{3,40}/g, (word) => {
    if (!/[A-Za-z]/.test(word) || !/[013456789@$!|+(€£]/.test(word)) return word;
    if (/^[A-Za-z]+[!+(|]*$/.test(word) || /^\d+[A-Za-z]{1,2}$/.test(word)) return word;
    changes++;
    const asI = word.replace(/[013456789@$!|+(€£]/g, (each) => leetLetters[each] ?? each);
    if (!/[1!|]/.test(word) || knownWords(asI, meanings) > 0.5) return asI;
    // One sign stands for two letters; a word of the language decides.
    const asL = word.replace(/[1!|]/g, 'l').replace(/[03456789@$+(€£]/g, (each) => leetLetters[each] ?? each);
    const first = word.replace(/[1!|]/, 'l').replace(/[013456789@$!|+(€£]/g, (each) => leetLetters[each] ?? each);
    return [asL, first].find((each) => knownWords(each, meanings) > 0.5) ?? asI;
  });
  if (changes < 2) return;
  if (knownWords(plain, meanings) > knownWords(short, meanings) + 0.1) take(plain, 0, short.length);
}

/** Letters shifted along the alphabet, mirrored, or the whole written backwards. */
function shifted(text: string, meanings: WordMeanings, take: Take): void {
  const short = text.length > readForWords ? text.slice(0, readForWords) : text;
  let tried = 0;
  for (const match of short.matchAll(/[A-Za-z][A-Za-z ,.;:!?'"()\n-]{22,}/g)) {
    if (++tried > mostShifted) return;
    const sample = match[0].slice(0, 240);
    const asItIs = knownWords(sample, meanings);
    if (asItIs > 0.45) continue;
    let best = Math.max(0.6, asItIs + 0.25);
    let bestText = '';
    for (const change of ciphers) {
      const known = knownWords(change(sample), meanings);
      if (known <= best) continue;
      best = known;
      bestText = change(match[0]);
    }
    if (bestText !== '') take(bestText, match.index, match.index + match[0].length);
  }
}

const ciphers: readonly ((text: string) => string)[] = [
  (text) => [...text].reverse().join(''),
  (text) =>
    text
      .split(/\b/)
      .map((word) => [...word].reverse().join(''))
      .join(''),
  (text) => text.replace(/[a-z]/gi, (each) => mapped(each, (letter) => 25 - letter)),
  ...Array.from(
    { length: 25 },
    (_, index) => (text: string) =>
      text.replace(/[a-z]/gi, (each) => mapped(each, (letter) => (letter + index + 1) % 26)),
  ),
];

function mapped(letter: string, change: (index: number) => number): string {
  const code = letter.charCodeAt(0);
  const base = code >= 0x61 ? 0x61 : 0x41;
  return String.fromCharCode(base + change(code - base));
}

/** Markup between letters taken out, so that words it cuts are whole. */
function tagged(text: string, _meanings: WordMeanings, take: Take): void {
  if (!/[A-Za-z]<\/?[a-z]/i.test(text)) return;
  const plain = text.replace(/<\/?[a-z][^<>]{0,200}>/gi, '');
  if (plain.length < text.length) take(plain, 0, text.length);
}

/** The share of ASCII words that are known to the language; 0 when there are none. */
function knownWords(text: string, meanings: WordMeanings): number {
  let known = 0;
  let all = 0;
  let hash = emptyHash;
  let size = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) | 0x20 : 0x20;
    if (code >= 0x61 && code <= 0x7a) {
      hash = hashStep(hash, code);
      size++;
      continue;
    }
    if (size > 1) {
      all += size;
      if (meanings.whole.get(hash) !== 0) known += size;
    }
    hash = emptyHash;
    size = 0;
  }
  return all === 0 ? 0 : known / all;
}

/** Cuts letters without spaces into the fewest, longest known words. */
function segmented(letters: string, meanings: WordMeanings): string {
  const text = letters.toLowerCase().slice(0, 600);
  const cost = new Float64Array(text.length + 1).fill(Number.POSITIVE_INFINITY);
  const back = new Int32Array(text.length + 1);
  cost[0] = 0;
  for (let from = 0; from < text.length; from++) {
    let hash = emptyHash;
    for (let to = from + 1; to <= Math.min(text.length, from + 16); to++) {
      hash = hashStep(hash, text.charCodeAt(to - 1));
      const size = to - from;
      const isKnown =
        meanings.whole.get(hash) !== 0 &&
        (size > 2 ||
          /^(?:a|i|to|of|in|is|it|as|at|an|on|or|my|me|no|do|be|by|if|up|us|we|so|go|ai)$/.test(text.slice(from, to)));
      const price = (cost[from] as number) + (isKnown ? 1 + 2 / size : 4 * size);
      if (price < (cost[to] as number)) {
        cost[to] = price;
        back[to] = from;
      }
    }
  }
  const words: string[] = [];
  for (let to = text.length; to > 0; to = back[to] as number) words.push(text.slice(back[to] as number, to));
  return words.reverse().join(' ');
}

/** Mostly printable, with letters in it: text, not bytes that happened to decode. */
function reads(text: string): boolean {
  if (text.length < 8) return false;
  let plain = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code >= 0x20 && code < 0x7f) || code === 0x0a || (code >= 0xa0 && code < 0xfff0)) plain++;
  }
  return plain / text.length > 0.9 && (text.match(/[A-Za-z\u00c0-\ud7ff]/g)?.length ?? 0) / text.length > 0.55;
}
