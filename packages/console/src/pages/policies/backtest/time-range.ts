// The range of a backtest or comparison, as it is chosen. Pure.

export const spans: readonly (readonly [label: string, minutes: string])[] = [
  ['the last hour', '60'],
  ['the last 24 hours', '1440'],
  ['the last 7 days', '10080'],
  ['the last 30 days', '43200'],
];

/** `span` is minutes back from now, or `own`; null for a range that is none. A minute more, for what is just recorded. */
export function rangeOf(span: string, from: string, to: string, now: number): { from: string; to: string } | null {
  if (span !== 'own')
    return { from: new Date(now - Number(span) * 60_000).toISOString(), to: new Date(now + 60_000).toISOString() };
  const [start, end] = [Date.parse(from), Date.parse(to)];
  return start < end ? { from: new Date(start).toISOString(), to: new Date(end).toISOString() } : null;
}

/** As a field for date and time takes it, in the reader's time zone. */
export function localTime(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
