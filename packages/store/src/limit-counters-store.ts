// How far limits are used, by all hubs on this database together. Hubs tell what they let pass and hear what it makes with
// what the others did; nothing waits for that. Times are the database's own, so that the clocks of hubs may differ.
import type { OrganizationId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';

/** Calls under a rate, of which the first came `age` milliseconds ago; `each` are the milliseconds a call takes up. */
export interface RateDelta {
  readonly organization: OrganizationId;
  readonly key: string;
  readonly calls: number;
  readonly each: number;
  readonly age: number;
}

export interface RateAhead {
  readonly organization: OrganizationId;
  readonly key: string;
  /** Milliseconds from now until all calls so far are worked off; not below 0. */
  readonly ahead: number;
}

/** Periods sort by their names: a later one begins anew, and what is told of an earlier one comes too late. */
export interface QuotaDelta {
  readonly organization: OrganizationId;
  readonly key: string;
  readonly period: string;
  readonly calls: number;
}

export interface QuotaUsed {
  readonly organization: OrganizationId;
  readonly key: string;
  readonly period: string;
  readonly used: number;
}

export interface LimitCountersStore {
  addToRates(deltas: readonly RateDelta[]): Promise<readonly RateAhead[]>;
  addToQuotas(deltas: readonly QuotaDelta[]): Promise<readonly QuotaUsed[]>;
  /** Of the organization, whatever their period. */
  quotas(organization: OrganizationId): Promise<readonly QuotaUsed[]>;
  /** Of the organization, as far as they are not worked off. */
  rates(organization: OrganizationId): Promise<readonly RateAhead[]>;
  /** Forgets rates that were worked off long ago, and quotas of periods before `period`. */
  forget(period: string): Promise<void>;
}

export function createLimitCountersStore(executor: Executor): LimitCountersStore {
  return {
    async addToRates(deltas) {
      const { rows } = await sql<RateAhead>`
        insert into limit_rates as rate (organization, key, busy_from, busy_until)
        select organization, key, now() - age * interval '1 ms', now() + (calls * each - age) * interval '1 ms'
        from unnest(${column(deltas, 'organization')}::text[], ${column(deltas, 'key')}::text[],
          ${column(deltas, 'calls')}::float8[], ${column(deltas, 'each')}::float8[], ${column(deltas, 'age')}::float8[])
          as told (organization, key, calls, each, age)
        order by organization, key
        on conflict (organization, key) do update set
          busy_from = excluded.busy_from,
          busy_until = greatest(rate.busy_until, excluded.busy_from) + (excluded.busy_until - excluded.busy_from)
        returning organization, key, ${ahead}`.execute(executor);
      return rows;
    },

    async addToQuotas(deltas) {
      const { rows } = await sql<QuotaUsed>`
        insert into limit_quotas as quota (organization, key, period, used)
        select organization, key, period, calls
        from unnest(${column(deltas, 'organization')}::text[], ${column(deltas, 'key')}::text[],
          ${column(deltas, 'period')}::text[], ${column(deltas, 'calls')}::bigint[])
          as told (organization, key, period, calls)
        order by organization, key
        on conflict (organization, key) do update set
          period = greatest(quota.period, excluded.period),
          used = case
            when excluded.period > quota.period then excluded.used
            when excluded.period = quota.period then quota.used + excluded.used
            else quota.used
          end
        returning organization, key, period, used`.execute(executor);
      return rows;
    },

    async quotas(organization) {
      return executor
        .selectFrom('limit_quotas')
        .select(['organization', 'key', 'period', 'used'])
        .where('organization', '=', organization)
        .execute();
    },

    async rates(organization) {
      const { rows } = await sql<RateAhead>`
        select organization, key, ${ahead} from limit_rates as rate
        where organization = ${organization} and busy_until > now()`.execute(executor);
      return rows;
    },

    async forget(period) {
      await sql`delete from limit_rates where busy_until < now() - interval '1 day'`.execute(executor);
      await sql`delete from limit_quotas where period < ${period}`.execute(executor);
    },
  };
}

/** By the clock on the wall: the transaction that asks may have begun before what it reads of. */
const ahead = sql`greatest(0, extract(epoch from rate.busy_until - clock_timestamp()) * 1000)::float8 as ahead`;

function column<Row, Name extends keyof Row>(rows: readonly Row[], name: Name): Row[Name][] {
  return rows.map((row) => row[name]);
}
