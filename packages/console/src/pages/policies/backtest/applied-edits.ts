/** A text with splices put in; their places are bytes of its UTF-8. Pure. */
export function appliedEdits(
  original: string,
  edits: readonly { readonly start: number; readonly end: number; readonly replacement: string }[],
): string {
  const bytes = new TextEncoder().encode(original);
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, replacement } of edits.toSorted((one, other) => one.start - other.start)) {
    if (start < at) continue;
    parts.push(decoder.decode(bytes.subarray(at, start)), replacement);
    at = end;
  }
  parts.push(decoder.decode(bytes.subarray(at)));
  return parts.join('');
}
