// Amounts and times as people say them.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `2 min ago`, `in 3 days`, `never` for null. Both are milliseconds since the epoch or an RFC 3339 time. */
export function relativeTime(at: string | null, now: number): string {
  if (at === null) return 'never';
  const distance = Date.parse(at) - now;
  const size = Math.abs(distance);
  if (size < 10 * second) return distance > 0 ? 'in a moment' : 'just now';
  // What was made to last 30 days a moment ago still lasts 30 days.
  return distance > 0 ? `in ${span(size, Math.round)}` : `${span(size, Math.floor)} ago`;
}

function span(ms: number, whole: (amount: number) => number): string {
  if (ms < minute) return `${whole(ms / second)} s`;
  if (ms < hour) return `${whole(ms / minute)} min`;
  if (ms < 2 * day) return `${whole(ms / hour)} h`;
  return `${whole(ms / day)} days`;
}

/** Microseconds as `840 µs`, `12.4 ms` or `3.1 s`. */
export function duration(micros: number): string {
  if (micros < 1000) return `${micros} µs`;
  if (micros < 1_000_000) return `${(micros / 1000).toFixed(1)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}

export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `1 tool`, `2 tools`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

const clockTime = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** `14:03:22.114` in the local time zone. */
export function timeOfDay(at: string): string {
  return clockTime.format(Date.parse(at));
}
