import { folded, lookalikes, unseen } from './folded-characters.ts';

/**
 * A text as the eye sees it: lower case, no ornament, nothing invisible. Three arrays side by side, so that every
 * character knows the place in the original that it came from.
 */
export interface FoldedText {
  /** UTF-16 units. Letters outside the basic plane that fold to nothing simpler are `pictograph`. */
  readonly codes: Uint16Array;
  /** The offset in the original of each unit. */
  readonly origins: Int32Array;
  /** Bits of `wasUpper`, `afterUnseen`, `wasDisguised`. */
  readonly marks: Uint8Array;
  readonly length: number;
}

export const wasUpper = 1;
/** Something invisible stood before it, inside a word. */
export const afterUnseen = 2;
/** It was written with a letter that only looks like it. */
export const wasDisguised = 4;
export const pictograph = 0x2bff;

export function foldText(text: string): FoldedText {
  // Reading units out of an array is quicker than out of a string that is a part of another.
  const written = Buffer.from(text, 'utf16le');
  const units = new Uint16Array(written.buffer, written.byteOffset, text.length);
  const room = text.length + 16;
  let codes = new Uint16Array(room);
  let origins = new Int32Array(room);
  let marks = new Uint8Array(room);
  let length = 0;
  let unseenBefore = 0;
  let isForeign = false;
  for (let at = 0; at < text.length; at++) {
    const unit = units[at] as number;
    if (length + longestForm > codes.length) {
      codes = grown(codes, new Uint16Array(codes.length * 2));
      origins = grown(origins, new Int32Array(origins.length * 2));
      marks = grown(marks, new Uint8Array(marks.length * 2));
    }
    if (unit < 0x80) {
      const kind = asciiKinds[unit] as number;
      if (kind === control) {
        unseenBefore = afterUnseen;
        continue;
      }
      codes[length] = asciiFolded[unit] as number;
      origins[length] = at;
      marks[length++] = kind === blank ? 0 : kind | unseenBefore;
      unseenBefore = 0;
      continue;
    }
    const point = text.codePointAt(at) ?? 0;
    const isTag = point >= 0xe0020 && point <= 0xe007e;
    for (const code of folded(point)) {
      if (code === unseen) {
        // Joiners and selectors belong to emoji and to some scripts; between Latin letters they hide something.
        const before = codes[length - 1] ?? 0;
        if (length > 0 && before > 0x20 && before < 0x7f) unseenBefore = afterUnseen;
        continue;
      }
      isForeign ||= lookalikes.has(code);
      const disguised = code < 0x80 && code > 0x20 && point > 0x24f && point !== 0x2019 && !isPunctuation(point);
      codes[length] = code > 0xffff ? pictograph : code;
      origins[length] = at;
      marks[length++] =
        (isTag ? afterUnseen : unseenBefore) | (disguised ? wasDisguised : 0) | (isUpper(point) ? wasUpper : 0);
      unseenBefore = 0;
    }
    if (point > 0xffff) at++;
  }
  if (isForeign) unmask(codes, marks, length);
  return { codes, origins, marks, length };
}

/** No compatibility form writes out one character as more. */
const longestForm = 24;
const control = 255;
const blank = 254;
/** What ASCII is marked with, or that it is a space, or nothing at all. */
const asciiKinds = Uint8Array.from({ length: 128 }, (_, unit) => {
  if (unit === 0x20 || unit === 0x0a || unit === 0x09 || unit === 0x0d) return blank;
  if (unit < 0x20) return control;
  return unit >= 0x41 && unit <= 0x5a ? wasUpper : 0;
});
const asciiFolded = Uint8Array.from({ length: 128 }, (_, unit) => {
  if (unit === 0x09 || unit === 0x0d) return 0x20;
  return unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit;
});

function grown<A extends Uint16Array | Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

function isPunctuation(point: number): boolean {
  return point >= 0x2000 && point <= 0x206f;
}

function isUpper(point: number): boolean {
  return point >= 0x391 && point <= 0x42f;
}

/** Words that mix Latin with letters that look Latin are taken for the Latin words they look like. */
function unmask(codes: Uint16Array, marks: Uint8Array, length: number): void {
  let latin = 0;
  let other = 0;
  for (let at = 0; at < length; at++) {
    const code = codes[at] as number;
    if (code >= 0x61 && code <= 0x7a) latin++;
    else if (code >= 0x370 && code <= 0x58f) other++;
  }
  const mostlyLatin = latin > 2 * other;
  for (let from = 0; from < length; from++) {
    if (!isLetter(codes[from] as number)) continue;
    let to = from;
    let mixesLatin = false;
    let allAlike = true;
    for (; to < length && isLetter(codes[to] as number); to++) {
      const code = codes[to] as number;
      if (code < 0x80) mixesLatin = true;
      else if (!lookalikes.has(code)) allAlike = false;
    }
    if ((mixesLatin || mostlyLatin) && allAlike)
      for (let at = from; at < to; at++) {
        const plain = lookalikes.get(codes[at] as number);
        if (plain === undefined) continue;
        codes[at] = plain;
        marks[at] = (marks[at] as number) | wasDisguised;
      }
    from = to;
  }
}

function isLetter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0xc0 && code !== 0xd7 && code !== 0xf7 && code < 0x2000) || code > 0x2c00
  );
}
