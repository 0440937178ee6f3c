// How things stand in one organization: the numbers of the overview page, and what really happened for each of the first
// steps.
import type { MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';

export interface Overview {
  readonly firstSteps: {
    /** A server that is switched on answered. */
    readonly serverReady: boolean;
    /** A client named itself in a message. */
    readonly clientConnected: boolean;
    /** A tool answered a call. */
    readonly callMade: boolean;
    /** A policy edited a message. */
    readonly redactionSeen: boolean;
  };
  /** `disabled` ones count in `total` only. */
  readonly servers: { readonly ready: number; readonly unavailable: number; readonly total: number };
  readonly tokens: { readonly active: number; readonly everUsed: number };
  /** The 24 hours up to now. */
  readonly lastDay: {
    readonly messages: number;
    readonly refused: number;
    /** `failed`, `error` and `tool_error`. */
    readonly failed: number;
    readonly redactions: number;
  };
  /** At most ten, the busiest of the last 24 hours first. */
  readonly topServers: readonly {
    readonly id: ServerId;
    readonly name: string;
    readonly messages: number;
    readonly failed: number;
  }[];
  /** 24 full hours and the one under way: 25 entries, oldest first; `at` is the start of the hour, in UTC. */
  readonly hourly: readonly { readonly at: number; readonly messages: number; readonly failed: number }[];
}

const hour = 3_600_000;

/** `member` narrows messages and tokens to one member's own; servers are counted as given by `servers`, or all. */
export interface OverviewScope {
  readonly member?: MemberId | undefined;
  readonly servers?: readonly ServerId[] | undefined;
}

export async function overview(
  executor: Executor,
  organization: OrganizationId,
  now: number,
  scope: OverviewScope = {},
): Promise<Overview> {
  return {
    firstSteps: await firstSteps(executor, organization, scope),
    servers: await serverCounts(executor, organization, scope),
    tokens: await tokenCounts(executor, organization, now, scope),
    ...(await traffic(executor, organization, now, scope)),
  };
}

function recorded(organization: OrganizationId, { member }: OverviewScope) {
  return member === undefined
    ? sql`messages.organization = ${organization}`
    : sql`messages.organization = ${organization} and messages.member = ${member}`;
}

function counted(organization: OrganizationId, { servers }: OverviewScope) {
  const mine = sql`servers.organization = ${organization} and servers.retired_at is null`;
  return servers === undefined ? mine : sql`${mine} and servers.id = any(${[...servers]}::text[])`;
}

async function firstSteps(executor: Executor, organization: OrganizationId, scope: OverviewScope) {
  const mine = recorded(organization, scope);
  const { rows } = await sql<Overview['firstSteps']>`
    select
      exists (select from servers where ${counted(organization, scope)} and enabled and status = 'ready')
        as "serverReady",
      exists (select from messages where ${mine} and client is not null) as "clientConnected",
      exists (select from messages where ${mine} and method = 'tools/call' and outcome = 'answered') as "callMade",
      exists (select from messages where ${mine} and redactions > 0) as "redactionSeen"`.execute(executor);
  return only(rows);
}

async function serverCounts(executor: Executor, organization: OrganizationId, scope: OverviewScope) {
  const { rows } = await sql<Overview['servers']>`
    select count(*) filter (where enabled and status = 'ready') as ready,
      count(*) filter (where enabled and status = 'unavailable') as unavailable,
      count(*) as total
    from servers where ${counted(organization, scope)}`.execute(executor);
  return only(rows);
}

async function tokenCounts(executor: Executor, organization: OrganizationId, now: number, { member }: OverviewScope) {
  const mine = member === undefined ? sql`true` : sql`member = ${member}`;
  const { rows } = await sql<Overview['tokens']>`
    select count(*) filter (where revoked_at is null and (expires_at is null or expires_at > ${new Date(now)}))
        as active,
      count(*) filter (where last_used_at is not null) as "everUsed"
    from tokens where organization = ${organization} and ${mine}`.execute(executor);
  return only(rows);
}

interface Tally {
  readonly server: ServerId | null;
  readonly name: string | null;
  /** The start of the hour. */
  readonly hour: number;
  /** Within the 24 hours up to now. */
  readonly recent: boolean;
  readonly messages: number;
  readonly refused: number;
  readonly failed: number;
  readonly redactions: number;
}

/** Reads the messages of the day once; the rest is adding up. */
async function traffic(executor: Executor, organization: OrganizationId, now: number, scope: OverviewScope) {
  const first = now - (now % hour) - 24 * hour;
  const { rows } = await sql<Tally>`
    select server, max(server_name) as name, at - at % ${hour}::bigint as hour, at > ${now - 24 * hour} as recent,
      count(*) as messages,
      count(*) filter (where outcome = 'refused') as refused,
      count(*) filter (where outcome in ('failed', 'error', 'tool_error')) as failed,
      sum(redactions) as redactions
    from messages
    where ${recorded(organization, scope)} and at >= ${first} and at < ${first + 25 * hour}
    group by 1, 3, 4`.execute(executor);
  const recent = rows.filter((row) => row.recent);
  return { lastDay: total(recent), topServers: busiest(recent), hourly: byHour(rows, first) };
}

function total(tallies: readonly Tally[]): Overview['lastDay'] {
  const sum = { messages: 0, refused: 0, failed: 0, redactions: 0 };
  for (const tally of tallies) {
    sum.messages += tally.messages;
    sum.refused += tally.refused;
    sum.failed += tally.failed;
    sum.redactions += tally.redactions;
  }
  return sum;
}

function busiest(tallies: readonly Tally[]): Overview['topServers'] {
  const servers = Map.groupBy(
    tallies.filter((tally) => tally.server !== null),
    (tally) => tally.server,
  );
  return [...servers]
    .flatMap(([id, own]) => {
      const { messages, failed } = total(own);
      return id === null ? [] : { id, name: own.at(-1)?.name ?? id, messages, failed };
    })
    .toSorted((one, other) => other.messages - one.messages || (one.id < other.id ? -1 : 1))
    .slice(0, 10);
}

function byHour(tallies: readonly Tally[], first: number): Overview['hourly'] {
  const hours = Map.groupBy(tallies, (tally) => tally.hour);
  return Array.from({ length: 25 }, (_, index) => {
    const at = first + index * hour;
    const { messages, failed } = total(hours.get(at) ?? []);
    return { at, messages, failed };
  });
}

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (!row) throw new Error('a query that always answers one row answered none');
  return row;
}
