import { usageFailure } from '../command-failure.ts';

const spans: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const spanned = /^(\d{1,6})([mhdw])$/;
const date = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * A moment in the future as RFC 3339 in UTC, given as a span from `now` (`30m`, `12h`, `90d`, `2w`), a day (`2027-01-31`,
 * its first instant in UTC) or a time with its zone.
 */
export function futureMoment(given: string, now: number): string {
  const moment = momentOf(given, now);
  if (moment === undefined || Number.isNaN(moment)) {
    throw usageFailure(`"${given}" is not a time.`, 'Give a span such as 12h, 90d or 2w, or a day such as 2027-01-31.');
  }
  if (moment <= now) throw usageFailure(`"${given}" is not in the future.`);
  return new Date(moment).toISOString();
}

/** A moment that has passed, given as a span back from `now` (`90d`), a day or a time. Also RFC 3339 in UTC. */
export function pastMoment(given: string, now: number): string {
  const ahead = momentOf(given, 0);
  const moment = spanned.test(given) && ahead !== undefined ? now - ahead : ahead;
  if (moment === undefined || Number.isNaN(moment) || moment < 0) {
    throw usageFailure(`"${given}" is not a time.`, 'Give a span back such as 90d, or a day such as 2026-01-31.');
  }
  return new Date(moment).toISOString();
}

function momentOf(given: string, now: number): number | undefined {
  const span = spanned.exec(given);
  if (span !== null) return now + Number(span[1]) * (spans[span[2] ?? ''] ?? Number.NaN);
  return date.test(given) ? Date.parse(given) : undefined;
}
