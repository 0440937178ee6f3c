// The inbox of alerts: what is open, who is at it, what was said of it.
import type { Ids } from '@mcpvault/domain/ambient';
import type { AlertId, AlertKind, AlertSnapshot, AlertState, RaisedAlert } from '@mcpvault/domain/alerts/alert';
import { notificationOf } from '@mcpvault/domain/alerts/notification-of';
import type { MemberId, MessageId, OrganizationId, PolicyId, ServerId } from '@mcpvault/domain/ids';
import { type Severity, severities } from '@mcpvault/domain/policy/policy';
import type { Layer } from '@mcpvault/domain/redaction/edit';
import { CompiledQuery, type Selectable, type SqlBool, sql } from 'kysely';
import type { Ask } from '../audit/log-end.ts';
import { containing } from '../containing.ts';
import { openPage, type Page, type PageRequest } from '../page.ts';
import type { Executor, Schema } from '../schema.ts';
import { addNotification, likenessKey, raiseAlerts } from './raise-alerts.ts';

export interface Person {
  readonly id: MemberId;
  readonly email: string;
  readonly name: string;
}

export interface Alert {
  readonly id: AlertId;
  readonly kind: AlertKind;
  readonly layer: Layer;
  readonly severity: Severity;
  readonly title: string;
  readonly state: AlertState;
  readonly owner: Person | null;
  /** How often it came. */
  readonly count: number;
  /** Milliseconds since the epoch, like all times here. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly policy: PolicyId | null;
  readonly server: ServerId | null;
  readonly tool: string | null;
  readonly member: Person | null;
  /** The newest ones that raised it, newest first. */
  readonly messages: readonly MessageId[];
  readonly snapshot: AlertSnapshot;
}

export interface AlertEvent {
  readonly at: number;
  /** null: MCPVault itself. */
  readonly by: Person | null;
  readonly state: AlertState | null;
  /** Left out where the owner stayed; null where nobody is any more. */
  readonly owner?: Person | null;
  readonly comment: string | null;
}

export interface AlertQuery extends PageRequest {
  readonly states?: readonly AlertState[] | undefined;
  readonly kind?: AlertKind | undefined;
  readonly layer?: Layer | undefined;
  /** This severe or more. */
  readonly severity?: Severity | undefined;
  readonly policy?: PolicyId | undefined;
  readonly server?: ServerId | undefined;
  readonly member?: MemberId | undefined;
  /** `none`: those that nobody is at. */
  readonly owner?: MemberId | 'none' | undefined;
  /** Looked for in title, tool and policy, without regard to case. */
  readonly q?: string | undefined;
}

export interface AlertChange {
  readonly state?: AlertState | undefined;
  readonly owner?: MemberId | null | undefined;
  readonly comment?: string | undefined;
}

export interface Made {
  /** Of the line in its history. */
  readonly id: `alh_${string}`;
  /** null: MCPVault itself. */
  readonly by: MemberId | null;
  readonly at: number;
}

export interface Settled {
  readonly wrong: readonly RaisedAlert[];
  readonly ripe: readonly RaisedAlert[];
}

export interface AlertCounts {
  readonly open: number;
  readonly acknowledged: number;
  /** Of those that are open, how many are high or critical. */
  readonly severe: number;
}

export interface AlertsStore {
  /** Newest first, by when they last came. */
  list(organization: OrganizationId, query: AlertQuery): Promise<Page<Alert>>;
  byIds(organization: OrganizationId, ids: readonly AlertId[]): Promise<readonly Alert[]>;
  history(organization: OrganizationId, id: AlertId): Promise<readonly AlertEvent[]>;
  counts(organization: OrganizationId): Promise<AlertCounts>;
  /** False when there is none. The owner must be a member of the organization. */
  change(organization: OrganizationId, id: AlertId, change: AlertChange, made: Made): Promise<boolean>;
  /** Counts up, or makes new ones; answers how many were new. */
  raise(raised: readonly RaisedAlert[], ids: Ids): Promise<number>;
  /**
   * `wrong` is all that is wrong with the system at this moment: what was raised and is not among it has ended by itself.
   * Of these, `ripe` are raised where they are not there. True when anything changed. What happened only once stays.
   */
  settle(organization: OrganizationId, state: Settled, at: number, ids: Ids): Promise<boolean>;
  /** Lets go of finished ones that came last before `before`; answers how many. */
  forget(organization: OrganizationId, before: number, atMost: number): Promise<number>;
}

export function createAlertsStore(executor: Executor): AlertsStore {
  const within = async <Result>(work: (own: Executor) => Promise<Result>): Promise<Result> =>
    executor.isTransaction ? work(executor) : executor.transaction().execute(work);

  const matching = (organization: OrganizationId) =>
    executor
      .selectFrom('alerts')
      .leftJoin('members as owners', 'owners.id', 'alerts.owner')
      .leftJoin('members as callers', 'callers.id', 'alerts.member')
      .selectAll('alerts')
      .select(['owners.email as owner_email', 'owners.name as owner_name'])
      .select(['callers.email as member_email', 'callers.name as member_name'])
      .where('alerts.organization', '=', organization);

  return {
    async list(organization, filter) {
      const page = openPage(filter);
      const { states, kind, layer, severity, policy, server, member, owner, q } = filter;
      let query = matching(organization);
      if (states !== undefined && states.length > 0) query = query.where('alerts.state', 'in', states);
      if (kind !== undefined) query = query.where('alerts.kind', '=', kind);
      if (layer !== undefined) query = query.where('alerts.layer', '=', layer);
      if (severity !== undefined) query = query.where('alerts.severity', '>=', severities.indexOf(severity));
      if (policy !== undefined) query = query.where('alerts.policy', '=', policy);
      if (server !== undefined) query = query.where('alerts.server', '=', server);
      if (member !== undefined) query = query.where('alerts.member', '=', member);
      if (owner === 'none') query = query.where('alerts.owner', 'is', null);
      else if (owner !== undefined) query = query.where('alerts.owner', '=', owner);
      if (q) query = query.where(mentioning(containing(q)));
      const rows = await query
        .where(page.after('alerts.last_at', 'alerts.id'))
        .orderBy('alerts.last_at', 'desc')
        .orderBy('alerts.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.last_at.getTime(), id: row.id }), toAlert);
    },

    async byIds(organization, ids) {
      if (ids.length === 0) return [];
      return (await matching(organization).where('alerts.id', 'in', ids).execute()).map(toAlert);
    },

    async history(organization, id) {
      const rows = await executor
        .selectFrom('alert_history as history')
        .leftJoin('members as doers', 'doers.id', 'history.by')
        .leftJoin('members as owners', 'owners.id', 'history.owner')
        .selectAll('history')
        .select(['doers.email as by_email', 'doers.name as by_name'])
        .select(['owners.email as owner_email', 'owners.name as owner_name'])
        .where('history.organization', '=', organization)
        .where('history.alert', '=', id)
        .orderBy('history.at')
        .orderBy('history.id')
        .limit(historyAtMost)
        .execute();
      return rows.map((row) => ({
        at: row.at.getTime(),
        by: personOf(row.by, row.by_email, row.by_name),
        state: row.state,
        ...(row.owner_changed && { owner: personOf(row.owner, row.owner_email, row.owner_name) }),
        comment: row.comment,
      }));
    },

    async counts(organization) {
      const row = await executor
        .selectFrom('alerts')
        .select([
          sql<number>`count(*) filter (where state = 'open')`.as('open'),
          sql<number>`count(*) filter (where state = 'acknowledged')`.as('acknowledged'),
          sql<number>`count(*) filter (where state = 'open' and severity >= 3)`.as('severe'),
        ])
        .where('organization', '=', organization)
        .where('state', 'in', ['open', 'acknowledged'])
        .executeTakeFirstOrThrow();
      return { open: Number(row.open), acknowledged: Number(row.acknowledged), severe: Number(row.severe) };
    },

    change: (organization, id, { state, owner, comment }, made) =>
      within(async (own) => {
        const at = new Date(made.at);
        const { numUpdatedRows } = await own
          .updateTable('alerts')
          .set({
            changed_at: at,
            ...(state !== undefined && { state }),
            ...(state === 'resolved' && { current: false }),
            ...(owner !== undefined && { owner }),
          })
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) return false;
        await own
          .insertInto('alert_history')
          .values({
            ...{ id: made.id, organization, alert: id, at, by: made.by, state: state ?? null },
            ...{ owner: owner ?? null, owner_changed: owner !== undefined, comment: comment ?? null },
          })
          .execute();
        return true;
      }),

    raise: (raised, ids) => within((own) => raiseAlerts(askOf(own), raised, { ids })),

    settle: (organization, { wrong, ripe }, at, ids) =>
      within(async (own) => {
        // One hub at a time: two that look at once would count the same twice.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`alerts ${organization}`}, 0))`.execute(own);
        const keys = new Set(wrong.map(({ likeness }) => likenessKey(likeness)));
        const there = await own
          .selectFrom('alerts')
          .selectAll()
          .where('organization', '=', organization)
          .where('kind', '=', 'operational')
          .where('current', '=', true)
          .where(sql<boolean>`(snapshot ->> 'lasts')::boolean`)
          .execute();
        const known = new Set(there.map(({ likeness }) => likeness));
        const over = there.filter(({ likeness }) => !keys.has(likeness));
        for (const row of over) await endOne(own, row, at, ids);
        const fresh = ripe.filter(({ likeness }) => !known.has(likenessKey(likeness)));
        if (fresh.length > 0) await raiseAlerts(askOf(own), fresh, { ids });
        return over.length + fresh.length > 0;
      }),

    async forget(organization, before, atMost) {
      const { numDeletedRows } = await executor
        .deleteFrom('alerts')
        .where('id', 'in', (query) =>
          query
            .selectFrom('alerts')
            .select('id')
            .where('organization', '=', organization)
            .where('state', 'in', ['resolved', 'dismissed'])
            .where('last_at', '<', new Date(before))
            .limit(atMost),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

const historyAtMost = 500;

async function endOne(own: Executor, row: Selectable<Schema['alerts']>, at: number, ids: Ids): Promise<void> {
  const { id, organization, state } = row;
  const isUnfinished = state === 'open' || state === 'acknowledged';
  await own
    .updateTable('alerts')
    .set({ current: false, changed_at: new Date(at), ...(isUnfinished && { state: 'resolved' as const }) })
    .where('id', '=', id)
    .execute();
  if (!isUnfinished) return;
  await own
    .insertInto('alert_history')
    .values({
      ...{ id: ids.next('alh'), organization, alert: id, at: new Date(at), by: null, state: 'resolved' },
      ...{ owner: null, owner_changed: false, comment: null },
    })
    .execute();
  const { kind, layer, title, policy, server, tool, member, snapshot, messages } = row;
  const severity = severities[row.severity] ?? 'medium';
  const [message = null] = messages;
  const ended = { organization, kind, layer, severity, title, policy, server, tool, member, message, snapshot, at };
  await addNotification(askOf(own), notificationOf({ ...ended, likeness: '' }, id, ids.next('ntf'), 'alert.resolved'));
}

/** Of a transaction. */
export function askOf(executor: Executor): Ask {
  return async ({ text, values }) => (await executor.executeQuery(CompiledQuery.raw(text, values))).rows;
}

function mentioning(pattern: string) {
  return sql<SqlBool>`(alerts.title ilike ${pattern} or alerts.tool ilike ${pattern}
    or alerts.snapshot -> 'policy' ->> 'name' ilike ${pattern} or alerts.snapshot -> 'message' ->> 'serverName' ilike ${pattern}
    or callers.email ilike ${pattern})`;
}

type AlertRow = Selectable<Schema['alerts']> & {
  readonly owner_email: string | null;
  readonly owner_name: string | null;
  readonly member_email: string | null;
  readonly member_name: string | null;
};

function toAlert(row: AlertRow): Alert {
  const { id, kind, layer, title, state, count, policy, server, tool, messages, snapshot } = row;
  return {
    ...{ id, kind, layer, title, state, count, policy, server, tool, messages, snapshot },
    severity: severities[row.severity] ?? 'medium',
    owner: personOf(row.owner, row.owner_email, row.owner_name),
    member: personOf(row.member, row.member_email, row.member_name),
    firstAt: row.first_at.getTime(),
    lastAt: row.last_at.getTime(),
  };
}

/** Who was removed keeps their id. */
function personOf(id: MemberId | null, email: string | null, name: string | null): Person | null {
  return id === null ? null : { id, email: email ?? '', name: name ?? '' };
}
