// How far each limit is used, as this hub knows it, and what the others have not heard of yet. Answers at once, from memory:
// what passed here is told to the database a moment later, and what passed elsewhere is heard then. Until two hubs have told
// each other, each lets its own share pass; what was too much is paid back out of what comes next.
import type { Clock } from '@mcpvault/domain/ambient';
import { countingOf, type Limit } from '@mcpvault/domain/limits/limit';
import { busyAfter, paceOf, periodOf, quotaAt, rateAt, type Standing } from '@mcpvault/domain/limits/meter';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { QuotaDelta, QuotaUsed, RateAhead, RateDelta } from '@mcpvault/store/limit-counters-store';

export interface Counters {
  standing(organization: OrganizationId, limit: Limit, whose: string): Standing;
  take(organization: OrganizationId, limit: Limit, whose: string): void;
  /**
   * What the database has not been told yet; from now on it counts as told. With it goes what was used here lately, so that
   * what other hubs use meanwhile is heard.
   */
  untold(): { readonly rates: readonly RateDelta[]; readonly quotas: readonly QuotaDelta[] };
  /** It could not be told: it is untold again. */
  notTold(rates: readonly RateDelta[], quotas: readonly QuotaDelta[]): void;
  /** What all hubs together have used. */
  heard(rates: readonly RateAhead[], quotas: readonly QuotaUsed[]): void;
  /** True while what others use is worth hearing. */
  readonly isInUse: boolean;
  /** Lets go of counts that say nothing any more. */
  sweep(): void;
}

interface Count {
  readonly organization: OrganizationId;
  readonly key: string;
  /** Milliseconds between calls; null for quotas. */
  each: number | null;
  /** Milliseconds since the epoch; of rates. */
  busyUntil: number;
  /** Of quotas. */
  period: string;
  used: number;
  /** Calls that the database has not been told of, and when the first of them came. */
  untold: number;
  since: number;
  usedAt: number;
}

/** Milliseconds for which a count that was used is kept up with. */
const lately = 60_000;

export function createCounters(clock: Clock): Counters {
  const counts = new Map<string, Count>();
  /** Those that were used here lately. */
  const active = new Set<Count>();

  function countOf(organization: OrganizationId, key: string): Count {
    const kept = counts.get(`${organization} ${key}`);
    if (kept !== undefined) return kept;
    const made = { organization, key, each: null, busyUntil: 0, period: '', used: 0, untold: 0, since: 0, usedAt: 0 };
    counts.set(`${organization} ${key}`, made);
    return made;
  }

  function spend(count: Count, now: number): void {
    if (count.untold === 0) count.since = now;
    count.untold += 1;
    count.usedAt = now;
    active.add(count);
  }

  return {
    standing(organization, limit, whose) {
      const now = clock.now();
      const count = counts.get(`${organization} ${keyOf(limit, whose)}`);
      const pace = paceOf(limit);
      if (pace !== null) return rateAt(pace, count?.busyUntil ?? 0, now);
      const per = limit.per === 'month' ? 'month' : 'day';
      const used = count?.period === periodOf(per, now) ? count.used : 0;
      return quotaAt(limit.calls, per, used, now);
    },
    take(organization, limit, whose) {
      const now = clock.now();
      const count = countOf(organization, keyOf(limit, whose));
      const pace = paceOf(limit);
      if (pace !== null) {
        count.each = pace.each;
        count.busyUntil = busyAfter(pace, count.busyUntil, now, 1);
      } else {
        const period = periodOf(limit.per === 'month' ? 'month' : 'day', now);
        if (count.period !== period) Object.assign(count, { period, used: 0, untold: 0 });
        count.used += 1;
      }
      spend(count, now);
    },
    untold() {
      const now = clock.now();
      const rates: RateDelta[] = [];
      const quotas: QuotaDelta[] = [];
      for (const count of active) {
        const { organization, key, each, untold: calls, period } = count;
        if (each === null) quotas.push({ organization, key, period, calls });
        else rates.push({ organization, key, each, calls, age: calls === 0 ? 0 : Math.max(0, now - count.since) });
        count.untold = 0;
        if (now - count.usedAt > lately) active.delete(count);
      }
      return { rates, quotas };
    },
    notTold(rates, quotas) {
      const now = clock.now();
      for (const { organization, key, calls, ...delta } of [...rates, ...quotas]) {
        const count = countOf(organization, key);
        if ('period' in delta && delta.period !== count.period) continue;
        if (count.untold === 0) count.since = now;
        count.untold += calls;
        active.add(count);
      }
    },
    heard(rates, quotas) {
      const now = clock.now();
      for (const { organization, key, ahead } of rates) {
        const count = countOf(organization, key);
        count.busyUntil = now + ahead + count.untold * (count.each ?? 0);
      }
      for (const { organization, key, period, used } of quotas) {
        const count = countOf(organization, key);
        if (period < count.period) continue;
        count.used = used + (period === count.period ? count.untold : 0);
        count.period = period;
      }
    },
    get isInUse() {
      return active.size > 0;
    },
    sweep() {
      const now = clock.now();
      const today = periodOf('day', now);
      for (const [key, count] of counts) {
        const isOver = count.each === null ? !today.startsWith(count.period) : count.busyUntil < now;
        if (isOver && !active.has(count)) counts.delete(key);
      }
    },
  };
}

function keyOf(limit: Limit, whose: string): string {
  return `${countingOf(limit)} ${whose}`;
}
