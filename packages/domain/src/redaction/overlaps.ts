export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Spans in groups that share bytes, directly or through others, in the order of their places. Spans that only touch stay
 * apart; an empty one joins a span it lies strictly inside of.
 */
export function overlapping<T extends Span>(
  spans: readonly T[],
): { readonly start: number; readonly end: number; readonly spans: readonly T[] }[] {
  const groups: { start: number; end: number; spans: T[] }[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const group = groups.at(-1);
    if (group === undefined || span.start >= group.end) {
      groups.push({ start: span.start, end: span.end, spans: [span] });
      continue;
    }
    group.end = Math.max(group.end, span.end);
    group.spans.push(span);
  }
  return groups;
}
