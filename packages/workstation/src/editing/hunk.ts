// The text of an entry before and after a change, with what of its surroundings the change touched. Where the text after is
// still there, the text before goes back in its place, byte for byte, whatever else has happened to the file.
import type { Place } from '../reading/config-tree.ts';

export interface Hunk {
  /** How far before the start of the entry the hunk begins. */
  readonly lead: number;
  readonly before: string;
  readonly after: string;
}

export function hunkOf(before: string, after: string, entryBefore: Place, entryAfter: Place): Hunk {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < most - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  // The whole entry belongs to it, so that it is only ever put back over what it was taken from.
  const from = Math.min(start, entryBefore.start, entryAfter.start);
  const left = Math.min(tail, before.length - entryBefore.end, after.length - entryAfter.end);
  return {
    lead: entryAfter.start - from,
    before: before.slice(from, before.length - left),
    after: after.slice(from, after.length - left),
  };
}

/** The text with the hunk taken back; undefined where the entry is not as the hunk left it. */
export function takeBack(text: string, { lead, before, after }: Hunk, entry: Place): string | undefined {
  const start = entry.start - lead;
  if (start < 0 || !text.startsWith(after, start)) return undefined;
  return text.slice(0, start) + before + text.slice(start + after.length);
}
