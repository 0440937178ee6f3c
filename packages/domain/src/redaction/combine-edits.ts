import type { Edit } from './edit.ts';
import { overlapping } from './overlaps.ts';

/**
 * The edits of all layers and policies as one list, ascending and disjoint. Edits that overlap become one over the whole
 * of their spans, so that what any of them hides stays hidden. Of their replacements wins, in this order:
 *
 * 1. one that no detector asked for and that covers the whole: an element cut out is gone with all that was in it;
 * 2. the hub's over the workstation's;
 * 3. a policy's over the gateway's own;
 * 4. the longer span's;
 * 5. the one that stands first in `edits`.
 */
export function combineEdits(edits: readonly Edit[]): readonly Edit[] {
  if (edits.length < 2) return edits;
  const order = new Map(edits.map((edit, index) => [edit, index]));
  return overlapping(edits).map(({ start, end, spans }) => {
    const [winner] = spans.toSorted((a, b) => byRank(start, end, a, b) || (order.get(a) ?? 0) - (order.get(b) ?? 0));
    if (winner === undefined) throw new Error('a group of overlapping edits is never empty');
    return winner.start === start && winner.end === end ? winner : { ...winner, start, end };
  });
}

function byRank(start: number, end: number, a: Edit, b: Edit): number {
  const ranks: readonly ((edit: Edit) => boolean)[] = [
    (edit) => edit.detector === null && edit.start === start && edit.end === end,
    (edit) => edit.layer === 'hub',
    (edit) => edit.policy !== null,
  ];
  for (const rank of ranks) {
    const difference = Number(rank(b)) - Number(rank(a));
    if (difference !== 0) return difference;
  }
  return b.end - b.start - (a.end - a.start);
}
