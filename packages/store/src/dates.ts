/** Milliseconds since the epoch as values of a timestamptz array. */
export function dates(times: Iterable<number>): Date[] {
  return Array.from(times, (time) => new Date(time));
}

/** A nullable time for a timestamptz column. */
export function dateOrNull(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}
