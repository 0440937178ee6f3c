// Whether there is room for one more call, by every limit of its organization that applies to it. The message path asks and
// takes from memory; a moment after something was taken, the database is told and says what all hubs have taken together.
import type { Clock } from '@mcpvault/domain/ambient';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { LimitState } from '@mcpvault/domain/limits/exceeded';
import { countedWith, type Limit, type Use } from '@mcpvault/domain/limits/limit';
import type { LimitsPort, Log } from '@mcpvault/gateway/ports';
import type { LimitCountersStore } from '@mcpvault/store/limit-counters-store';
import type { ChangeSubscriber } from '../changes.ts';
import { createCounters } from './counters.ts';

export interface Limiter extends LimitsPort, ChangeSubscriber {
  /** Reads the limits of an organization and how far its quotas are used; call it for each one at start. */
  load(organization: OrganizationId): Promise<void>;
  /** Tells the database now and hears from it, for whoever shows how limits stand. */
  settle(): Promise<void>;
  /** Settles what is left, and goes on no longer. */
  stop(): Promise<void>;
}

export interface LimiterDeps {
  read(organization: OrganizationId): Promise<readonly Limit[]>;
  readonly counters: LimitCountersStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Milliseconds from the first call that was not told to telling the database. */
const settleAfter = 50;
/** And between two askings what others used. */
const hearEvery = 1_000;
const retryAfter = 1_000;
const sweepEvery = 60_000;

export function createLimiter({ read, counters: store, clock, log }: LimiterDeps): Limiter {
  const limits = new Map<OrganizationId, readonly Limit[]>();
  const counters = createCounters(clock);
  let timer: NodeJS.Timeout | null = null;
  /** In the clock's microseconds. */
  let dueAt = 0;
  let settling: Promise<void> | null = null;
  let isStopped = false;
  const sweep = setInterval(() => counters.sweep(), sweepEvery);
  sweep.unref();

  async function load(organization: OrganizationId): Promise<void> {
    limits.set(organization, await read(organization));
    counters.heard([], await store.quotas(organization));
  }

  async function follow(organization: OrganizationId): Promise<void> {
    try {
      await load(organization);
    } catch (error) {
      log.error(
        { organization, cause: String(error) },
        'limits could not be read again; the ones before hold until then',
      );
      setTimeout(() => void follow(organization), retryAfter).unref();
    }
  }

  function soon(milliseconds = settleAfter): void {
    const at = clock.micros() + milliseconds * 1000;
    if (isStopped || (timer !== null && dueAt <= at)) return;
    if (timer !== null) clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => void settle(), milliseconds);
    timer.unref();
  }

  /** One at a time: what is told while another telling is under way could be heard in the wrong order. */
  function settle(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    settling = (settling ?? Promise.resolve()).then(settleOnce);
    return settling;
  }

  async function settleOnce(): Promise<void> {
    const { rates, quotas } = counters.untold();
    try {
      if (rates.length > 0) counters.heard(await store.addToRates(rates), []);
    } catch (error) {
      counters.notTold(rates, []);
      again(error);
    }
    try {
      if (quotas.length > 0) counters.heard([], await store.addToQuotas(quotas));
    } catch (error) {
      counters.notTold([], quotas);
      again(error);
    }
    if (counters.isInUse) soon(hearEvery);
  }

  /** Meanwhile every hub counts for itself. */
  function again(error: unknown): void {
    log.warn(
      { cause: error instanceof Error ? error.message : '' },
      'what limits count could not be settled; trying again',
    );
    soon(retryAfter);
  }

  return {
    load,
    settle,
    applying(organization: OrganizationId, use: Use) {
      const all = limits.get(organization);
      if (all === undefined || all.length === 0) return null;
      const states: (LimitState & { readonly whose: string })[] = [];
      for (const limit of all) {
        for (const whose of countedWith(limit, use)) {
          states.push({ limit, whose, standing: counters.standing(organization, limit, whose) });
        }
      }
      if (states.length === 0) return null;
      return {
        states,
        take() {
          for (const { limit, whose } of states) counters.take(organization, limit, whose);
          soon();
        },
      };
    },
    async changed(changes) {
      const theirs = new Set(changes.filter(({ area }) => area === 'limits').map(({ organization }) => organization));
      await Promise.all([...theirs].map(follow));
    },
    async missed() {
      await Promise.all([...limits.keys()].map(follow));
    },
    async stop() {
      isStopped = true;
      clearInterval(sweep);
      await settle();
    },
  };
}
