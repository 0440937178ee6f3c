// Edits and findings are given in bytes of the UTF-8 original; JavaScript counts UTF-16 code units. These functions go
// from the one to the other, and from the original to what was delivered. Pure.

export interface ByteSpan {
  /** Byte offsets into the text, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Byte offsets, ascending, as UTF-16 offsets of `text`. An offset inside a character means the character's start. */
export function toUtf16(text: string, offsets: readonly number[]): number[] {
  const places: number[] = [];
  let bytes = 0;
  let index = 0;
  for (const offset of offsets) {
    while (index < text.length) {
      const code = text.codePointAt(index) ?? 0;
      const size = utf8Size(code);
      if (bytes + size > offset) break;
      bytes += size;
      index += code > 0xffff ? 2 : 1;
    }
    places.push(index);
  }
  return places;
}

function utf8Size(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/**
 * Where the replacements of edits lie in the delivered text. Edits are splices of the original that do not overlap; the
 * answer is in their given order.
 */
export function deliveredSpans(edits: readonly (ByteSpan & { readonly replacement: string })[]): ByteSpan[] {
  const order = edits.map((_, index) => index).sort((a, b) => (edits[a]?.start ?? 0) - (edits[b]?.start ?? 0));
  const spans: ByteSpan[] = edits.map(() => ({ start: 0, end: 0 }));
  let shift = 0;
  for (const index of order) {
    const edit = edits[index];
    if (!edit) continue;
    const size = new TextEncoder().encode(edit.replacement).length;
    spans[index] = { start: edit.start + shift, end: edit.start + shift + size };
    shift += size - (edit.end - edit.start);
  }
  return spans;
}
