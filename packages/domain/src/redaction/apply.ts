// The one way from an original and its edits to what is delivered. Everyone who shows or sends an edited message calls
// this: delivery, the message page, alerts. Bytes outside the edits stay exactly as they came.

import type { Edit } from './edit.ts';

/**
 * The original with each edit's span replaced. `edits` must be ascending and disjoint, as `combineEdits` makes them;
 * otherwise nothing is delivered and this throws. Without edits it answers the same Buffer.
 */
export function apply(original: Buffer, edits: readonly Edit[]): Buffer {
  if (edits.length === 0) return original;
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end, replacement } of edits) {
    if (start < from || end < start || end > original.length)
      throw new Error(
        `edit [${start}, ${end}) does not fit: ${from} of ${original.length} bytes are already behind it`,
      );
    parts.push(original.subarray(from, start), Buffer.from(replacement, 'utf8'));
    from = end;
  }
  parts.push(original.subarray(from));
  return Buffer.concat(parts);
}
