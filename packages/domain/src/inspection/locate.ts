import type { Finding } from './finding.ts';
import { walkJson } from './json-walk.ts';
import { TooManyFindings } from './scanner.ts';
import type { Encoding } from './views/view.ts';
import { wholeCharacters } from './whole-characters.ts';

/** A place in the message, not yet tied to a string. */
interface Place {
  readonly detector: string;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
  readonly encoding?: Encoding;
}

/** Pointers are for people: hostile keys and depths do not make them longer than about this many characters. */
const longestPointer = 400;
const longestKey = 80;

/**
 * Ties places, ordered by start, to the strings and numbers they lie in. A place that reaches over several strings
 * becomes one finding in each. Spans are widened to whole escapes and characters, and to whole numbers. Throws
 * `TooManyFindings` when there are more than `atMost`.
 */
export function locate(raw: Buffer, text: string, places: readonly Place[], atMost: number): readonly Finding[] {
  const findings: Finding[] = [];
  const path = createPath(raw);
  let first = 0;

  const visit = (start: number, end: number, kind: 'key' | 'string' | 'number'): boolean => {
    const foundBefore = findings.length;
    let pointer: string | null = null;
    for (let i = first; i < places.length; i++) {
      const place = places[i];
      if (place === undefined || place.start >= end) break;
      if (place.end <= start) continue;
      pointer ??= kind === 'key' ? path.pointerToFoundKey() : path.pointer();
      const span = kind === 'number' ? { start, end } : wholeCharacters(text, start, end, place);
      const { detector, confidence, encoding } = place;
      const plain = { detector, ...span, pointer, inKey: kind === 'key', confidence };
      const finding = encoding === undefined ? plain : { ...plain, encoding };
      findings.push(kind === 'number' ? { ...finding, inNumber: true } : finding);
      if (findings.length > atMost) throw new TooManyFindings(atMost);
    }
    if (kind === 'key') path.key(start, end, findings.length > foundBefore);
    while (first < places.length && (places[first]?.end ?? 0) <= end) first++;
    return first < places.length;
  };

  walkJson(text, {
    open: path.open,
    close: path.close,
    next: path.next,
    key: (start, end) => void visit(start, end, 'key'),
    string: (start, end) => visit(start, end, 'string'),
    number: (start, end) => visit(start, end, 'number'),
  });
  return findings;
}

interface Frame {
  readonly isArray: boolean;
  /** The pointer of this container; null until it is asked for. It holds for as long as the container is open. */
  pointer: string | null;
  index: number;
  keyStart: number;
  keyEnd: number;
  keyFound: boolean;
}

function createPath(raw: Buffer) {
  const frames: Frame[] = [];
  return {
    open(isArray: boolean): void {
      frames.push({ isArray, pointer: null, index: 0, keyStart: 0, keyEnd: 0, keyFound: false });
    },
    close(): void {
      frames.pop();
    },
    next(): void {
      const frame = frames.at(-1);
      if (frame !== undefined) frame.index++;
    },
    key(start: number, end: number, found: boolean): void {
      const frame = frames.at(-1);
      if (frame === undefined) return;
      frame.keyStart = start;
      frame.keyEnd = end;
      frame.keyFound = found;
    },
    pointer(): string {
      const frame = frames.at(-1);
      return frame === undefined ? '' : extended(containerPointer(raw, frames), () => segment(raw, frame));
    },
    pointerToFoundKey: () => extended(containerPointer(raw, frames), () => '[key]'),
  };
}

/** The pointer of the innermost container, from the nearest one around it whose pointer is known. */
function containerPointer(raw: Buffer, frames: readonly Frame[]): string {
  let known = frames.length - 1;
  while (known > 0 && frames[known]?.pointer === null) known--;
  let pointer = frames[known]?.pointer ?? '';
  for (let level = known; level < frames.length; level++) {
    const frame = frames[level];
    const around = frames[level - 1];
    if (frame === undefined) break;
    if (around !== undefined && level > known) pointer = extended(pointer, () => segment(raw, around));
    frame.pointer = pointer;
  }
  return pointer;
}

function extended(pointer: string, last: () => string): string {
  if (pointer.length <= longestPointer) return `${pointer}/${last()}`;
  return pointer.endsWith('/…') ? pointer : `${pointer}/…`;
}

function segment(raw: Buffer, { isArray, index, keyStart, keyEnd, keyFound }: Frame): string {
  if (isArray) return String(index);
  if (keyFound) return '[key]';
  const key = decodedKey(raw.toString('utf8', keyStart, keyEnd));
  const short = key.length > longestKey ? `${key.slice(0, longestKey)}…` : key;
  return short.replaceAll('~', '~0').replaceAll('/', '~1');
}

function decodedKey(written: string): string {
  if (!written.includes('\\')) return written;
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}
