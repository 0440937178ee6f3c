/** RFC 3339, UTC, from milliseconds since the epoch. */
export function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export function rfc3339OrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : rfc3339(milliseconds);
}

/** From a time that the contract has checked. */
export function fromRfc3339(time: string): number {
  return Date.parse(time);
}
