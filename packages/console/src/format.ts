// Numbers and times as people read them. Pure.

/** `840 µs`, `3.2 ms`, `1.25 s`, `2 min 5 s`. */
export function duration(microseconds: number): string {
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  const ms = microseconds / 1000;
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `512 B`, `1.2 KB`, `16 MB`; a thousand bytes to the kilobyte. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] = bytes < 999_500 ? [bytes / 1000, 'KB'] : [bytes / 1_000_000, 'MB'];
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

/** `1,204`; from a hundred thousand on `120K`, `3.4M`. */
export function count(value: number): string {
  if (value < 100_000) return value.toLocaleString('en');
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

/** `1 server`, `3 servers`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `just now`, `5 minutes ago`, `in 3 days`. */
export function ago(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  // The clock of a page is up to fifteen seconds late: what has just been done would seem to be yet to come.
  if (Math.abs(seconds) < 45) return seconds > 15 ? 'in a moment' : 'just now';
  for (const [unit, size] of steps) {
    const amount = Math.round(seconds / size);
    if (Math.abs(seconds) >= size * 0.75 && amount !== 0) {
      return new Intl.RelativeTimeFormat('en', { numeric: 'always' }).format(amount, unit);
    }
  }
  return 'just now';
}

/** `14:03:09.127` in the reader's time zone. */
export function clock(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** The whole truth about a time, for a tooltip. */
export function exactTime(at: Date): string {
  const day = at.toLocaleDateString('en', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  return `${day}, ${clock(at)} (${at.toISOString()})`;
}
