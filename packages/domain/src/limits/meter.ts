// The two ways of counting, as pure functions over small states. A rate is kept as one moment: until when what was called
// so far has been worked off at the pace of the limit (GCRA). A quota is a count and the period it is of.
import { type Limit, type QuotaPeriod, ratePeriods } from './limit.ts';

/** How a limit stands at one moment. */
export interface Standing {
  /** Calls that there may be at once, or in the period. */
  readonly most: number;
  /** Calls that could be made now. */
  readonly left: number;
  /** Milliseconds until there is room for one more; 0 when there is. */
  readonly wait: number;
  /** Milliseconds until all of it is there again. */
  readonly full: number;
  /** Milliseconds that `most` is for. */
  readonly window: number;
}

export interface Pace {
  /** Milliseconds from one call to the next at the pace of the limit. */
  readonly each: number;
  readonly burst: number;
}

/** null for quotas. */
export function paceOf({ calls, per, burst }: Pick<Limit, 'calls' | 'per' | 'burst'>): Pace | null {
  if (per === 'day' || per === 'month') return null;
  return { each: ratePeriods[per] / calls, burst: burst ?? calls };
}

/** `busyUntil`: milliseconds since the epoch. */
export function rateAt({ each, burst }: Pace, busyUntil: number, now: number): Standing {
  const ahead = Math.max(0, busyUntil - now);
  // A little more than nothing, for what floating point leaves behind.
  const left = Math.floor(burst - ahead / each + 1e-9);
  const wait = left >= 1 ? 0 : ahead - (burst - 1) * each;
  return { most: burst, left: Math.max(0, left), wait, full: ahead, window: burst * each };
}

/** After so many calls. */
export function busyAfter({ each }: Pace, busyUntil: number, now: number, calls: number): number {
  return Math.max(busyUntil, now) + calls * each;
}

/** The name of the period that a moment is in: `2026-11-21`, or `2026-11`. Later ones sort after earlier ones. */
export function periodOf(per: QuotaPeriod, now: number): string {
  return new Date(now).toISOString().slice(0, per === 'day' ? 10 : 7);
}

export function quotaAt(calls: number, per: QuotaPeriod, used: number, now: number): Standing {
  const began = new Date(now);
  began.setUTCHours(0, 0, 0, 0);
  if (per === 'month') began.setUTCDate(1);
  const ends = new Date(began);
  if (per === 'month') ends.setUTCMonth(began.getUTCMonth() + 1);
  else ends.setUTCDate(began.getUTCDate() + 1);
  const rest = ends.getTime() - now;
  const left = Math.max(0, calls - used);
  return { most: calls, left, wait: left > 0 ? 0 : rest, full: rest, window: ends.getTime() - began.getTime() };
}
