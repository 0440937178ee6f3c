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
  // Compatibility forms may write out one character as many: the longest, 18, are rare enough to grow for.
  let codes = new Uint16Array(text.length + 16);
  let origins = new Int32Array(text.length + 16);
  let marks = new Uint8Array(text.length + 16);
  let length = 0;
  let unseenBefore = 0;
  let foreign = false;
  const put = (code: number, origin: number, mark: number): void => {
    if (length === codes.length) {
      codes = grown(codes, new Uint16Array(length * 2));
      origins = grown(origins, new Int32Array(length * 2));
      marks = grown(marks, new Uint8Array(length * 2));
    }
    codes[length] = code;
    origins[length] = origin;
    marks[length] = mark;
    length++;
  };
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      if (unit >= 0x20 || unit === 0x0a) {
        const upper = unit >= 0x41 && unit <= 0x5a;
        put(upper ? unit + 0x20 : unit, at, (upper ? wasUpper : 0) | (unit > 0x20 ? unseenBefore : 0));
        unseenBefore = 0;
      } else if (unit === 0x09 || unit === 0x0d) put(0x20, at, 0);
      else unseenBefore = afterUnseen;
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
      const isForeign = lookalikes.has(code);
      foreign ||= isForeign;
      const disguised = code < 0x80 && code > 0x20 && point > 0x24f && point !== 0x2019 && !isPunctuation(point);
      put(
        code > 0xffff ? pictograph : code,
        at,
        (isTag ? afterUnseen : unseenBefore) | (disguised ? wasDisguised : 0) | (isUpper(point) ? wasUpper : 0),
      );
      unseenBefore = 0;
    }
    if (point > 0xffff) at++;
  }
  if (foreign) unmask(codes, marks, length);
  return { codes, origins, marks, length };
}

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
