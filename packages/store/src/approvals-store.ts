// Held calls that ask for a yes, and what people said to them. The call itself lies here sealed, as approvers may see it.
import type { ApprovalScope, ApprovalState } from '@mcpvault/domain/approvals/approval';
import type { ApprovalId, MemberId, OrganizationId, ServerId, TokenId } from '@mcpvault/domain/ids';
import type { HoldingPolicy } from '@mcpvault/domain/policy/effect';
import { type Selectable, type SqlBool, sql } from 'kysely';
import { dateOrNull } from './dates.ts';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export interface Approval {
  readonly id: ApprovalId;
  readonly organization: OrganizationId;
  /** What was written down: one whose time is over may not be marked so yet. */
  readonly state: ApprovalState;
  /** What it was given for; null as long as nobody said yes. */
  readonly scope: ApprovalScope | null;
  readonly member: MemberId;
  readonly actedBy: MemberId | null;
  readonly token: TokenId | null;
  /** Who may never decide on it. */
  readonly excluded: readonly MemberId[];
  readonly conversation: string;
  readonly client: string | null;
  readonly endpoint: string | null;
  readonly server: ServerId | null;
  readonly serverName: string | null;
  readonly method: string;
  readonly target: string | null;
  /** Of the asker and the whole call. */
  readonly digest: Buffer;
  /** Of the asker, the conversation and the tool. */
  readonly sessionDigest: Buffer;
  readonly policies: readonly HoldingPolicy[];
  readonly needed: number;
  /** Whether it may be given for the whole conversation. */
  readonly sessions: boolean;
  /** What the asker says of it. */
  readonly note: string | null;
  /** The call as approvers may see it; sealed with the id as block. */
  readonly shown: { readonly key: string; readonly sealed: Buffer };
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly decidedAt: number | null;
  readonly usedAt: number | null;
}

export interface ApprovalVote {
  readonly approval: ApprovalId;
  readonly member: MemberId;
  readonly says: 'approve' | 'refuse';
  readonly scope: ApprovalScope | null;
  readonly reason: string | null;
  readonly at: number;
}

export interface ApprovalQuery extends PageRequest {
  /** As it stands now: what is over in time counts as expired. */
  readonly state?: ApprovalState | undefined;
  readonly member?: MemberId | undefined;
}

export interface ApprovalsStore {
  create(approval: Approval): Promise<void>;
  byId(organization: OrganizationId, id: ApprovalId): Promise<Approval | null>;
  /** Nobody else changes it until the transaction ends. */
  locked(organization: OrganizationId, id: ApprovalId): Promise<Approval | null>;
  /**
   * Those of this very call, and those that were given for the conversation, newest first, whose time is not over. Locks
   * them, and keeps others from asking for the same until the transaction ends.
   */
  standing(
    organization: OrganizationId,
    digest: Buffer,
    sessionDigest: Buffer,
    now: number,
  ): Promise<readonly Approval[]>;
  list(organization: OrganizationId, query: ApprovalQuery, now: number): Promise<Page<Approval>>;
  /** Newest first, of the same tool of the same server, without this one. */
  similar(approval: Approval, limit: number): Promise<readonly Approval[]>;
  /** Who stands behind a caller that is no person, or behind the key it came with. */
  behind(organization: OrganizationId, member: MemberId, token: TokenId | null): Promise<readonly MemberId[]>;
  /** Who is told that a member asks: whom the names give as in `approverPattern`, or else who supervises them or leads their teams. */
  peopleFor(organization: OrganizationId, member: MemberId, names: readonly string[]): Promise<readonly MemberId[]>;
  countPending(organization: OrganizationId, member: MemberId, now: number): Promise<number>;
  update(
    organization: OrganizationId,
    id: ApprovalId,
    change: Partial<Pick<Approval, 'state' | 'scope' | 'note' | 'expiresAt' | 'decidedAt' | 'usedAt'>>,
  ): Promise<void>;
  vote(organization: OrganizationId, vote: ApprovalVote): Promise<void>;
  votes(organization: OrganizationId, approvals: readonly ApprovalId[]): Promise<readonly ApprovalVote[]>;
  /** Marks those whose time is over, of all organizations, and tells which. */
  expire(
    now: number,
    limit: number,
  ): Promise<readonly { readonly id: ApprovalId; readonly organization: OrganizationId }[]>;
  /** Forgets those from before this time. */
  forget(organization: OrganizationId, before: number, limit: number): Promise<number>;
}

export function createApprovalsStore(executor: Executor): ApprovalsStore {
  const all = (organization: OrganizationId) =>
    executor.selectFrom('approvals').selectAll().where('organization', '=', organization);

  return {
    async create({ actedBy, serverName, sessionDigest, shown, createdAt, expiresAt, decidedAt, usedAt, ...rest }) {
      await executor
        .insertInto('approvals')
        .values({
          ...rest,
          excluded: [...rest.excluded],
          policies: JSON.stringify(rest.policies),
          acted_by: actedBy,
          server_name: serverName,
          session_digest: sessionDigest,
          sealed: shown.sealed,
          sealed_key: shown.key,
          created_at: new Date(createdAt),
          expires_at: new Date(expiresAt),
          decided_at: dateOrNull(decidedAt),
          used_at: dateOrNull(usedAt),
        })
        .execute();
    },
    async byId(organization, id) {
      const row = await all(organization).where('id', '=', id).executeTakeFirst();
      return row ? toApproval(row) : null;
    },
    async locked(organization, id) {
      const row = await all(organization).where('id', '=', id).forUpdate().executeTakeFirst();
      return row ? toApproval(row) : null;
    },
    async standing(organization, digest, sessionDigest, now) {
      const lock = digest.readBigInt64BE(0);
      await sql`select pg_advisory_xact_lock(${lock.toString()}::bigint)`.execute(executor);
      const rows = await all(organization)
        .where('expires_at', '>', new Date(now))
        .where('state', 'in', ['pending', 'approved', 'refused'])
        .where((or) =>
          or.or([
            or('digest', '=', digest),
            or.and([or('session_digest', '=', sessionDigest), or('scope', '=', 'session')]),
          ]),
        )
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .forUpdate()
        .execute();
      return rows.map(toApproval);
    },
    async list(organization, { state, member, ...request }, now) {
      const page = openPage(request);
      let query = all(organization).where(page.after('created_at', 'id'));
      if (member !== undefined) query = query.where('member', '=', member);
      if (state !== undefined) query = query.where(standsAs(state, new Date(now)));
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(page.fetch).execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toApproval);
    },
    async similar({ organization, id, server, method, target }, limit) {
      const rows = await all(organization)
        .where('server', 'is not distinct from', server)
        .where('method', '=', method)
        .where('target', 'is not distinct from', target)
        .where('id', '<>', id)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toApproval);
    },
    async behind(organization, member, token) {
      const { rows } = await sql<{ id: MemberId }>`
        select owner_member as id from members
          where organization = ${organization} and id = ${member} and owner_member is not null
        union select created_by from tokens
          where organization = ${organization} and id = ${token} and created_by is not null`.execute(executor);
      return rows.map(({ id }) => id);
    },
    async peopleFor(organization, member, names) {
      const wantsSupervisors = names.length === 0 || names.includes('supervisor');
      const { rows } = await sql<{ id: MemberId }>`
        with recursive up (id) as (
          select team from team_members where organization = ${organization} and member = ${member}
          union select teams.parent from up join teams on teams.id = up.id
        ), wanted (id) as (
          select supervisor from members
            where organization = ${organization} and id = ${member} and ${wantsSupervisors}::boolean
          union select team_leads.member from up join team_leads on team_leads.team = up.id
            where ${wantsSupervisors}::boolean
          union select id from members
            where organization = ${organization} and lower(email) = any(${names.map((name) => name.toLowerCase())}::text[])
        )
        select members.id from wanted join members on members.id = wanted.id
        where members.organization = ${organization} and members.removed_at is null and members.disabled_at is null
        limit 50`.execute(executor);
      return rows.map(({ id }) => id);
    },
    async countPending(organization, member, now) {
      const row = await executor
        .selectFrom('approvals')
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .where('organization', '=', organization)
        .where('member', '=', member)
        .where('state', '=', 'pending')
        .where('expires_at', '>', new Date(now))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    async update(organization, id, { state, scope, note, expiresAt, decidedAt, usedAt }) {
      await executor
        .updateTable('approvals')
        .set({
          ...(state !== undefined && { state }),
          ...(scope !== undefined && { scope }),
          ...(note !== undefined && { note }),
          ...(expiresAt !== undefined && { expires_at: new Date(expiresAt) }),
          ...(decidedAt !== undefined && { decided_at: dateOrNull(decidedAt) }),
          ...(usedAt !== undefined && { used_at: dateOrNull(usedAt) }),
        })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .execute();
    },
    async vote(organization, { at, ...vote }) {
      const { says, scope, reason } = vote;
      await executor
        .insertInto('approval_votes')
        .values({ organization, ...vote, at: new Date(at) })
        .onConflict((conflict) =>
          conflict.columns(['approval', 'member']).doUpdateSet({ says, scope, reason, at: new Date(at) }),
        )
        .execute();
    },
    async votes(organization, approvals) {
      if (approvals.length === 0) return [];
      const rows = await executor
        .selectFrom('approval_votes')
        .selectAll()
        .where('organization', '=', organization)
        .where('approval', 'in', [...approvals])
        .orderBy('at')
        .orderBy('member')
        .execute();
      return rows.map(({ organization: _, at, ...vote }) => ({ ...vote, at: at.getTime() }));
    },
    async expire(now, limit) {
      const { rows } = await sql<{ id: ApprovalId; organization: OrganizationId }>`
        update approvals set state = 'expired' where id = any(array(
          select id from approvals where state in ('pending', 'approved') and expires_at <= ${new Date(now)}
          order by expires_at limit ${limit} for update skip locked))
        returning id, organization`.execute(executor);
      return rows;
    },
    async forget(organization, before, limit) {
      const result = await sql`
        delete from approvals where id = any(array(
          select id from approvals where organization = ${organization} and created_at < ${new Date(before)}
          and state not in ('pending', 'approved') order by created_at limit ${limit}))`.execute(executor);
      return Number(result.numAffectedRows ?? 0);
    },
  };
}

function standsAs(state: ApprovalState, now: Date) {
  if (state === 'expired')
    return sql<SqlBool>`(state = 'expired' or (state in ('pending', 'approved') and expires_at <= ${now}))`;
  if (state === 'pending' || state === 'approved') return sql<SqlBool>`(state = ${state} and expires_at > ${now})`;
  return sql<SqlBool>`state = ${state}`;
}

function toApproval(row: Selectable<Schema['approvals']>): Approval {
  const { acted_by, server_name, session_digest, sealed, sealed_key, created_at, expires_at, decided_at, used_at } =
    row;
  const { id, organization, state, scope, member, token, excluded, conversation, client, endpoint, server } = row;
  const { method, target, digest, policies, needed, sessions, note } = row;
  return {
    ...{ id, organization, state, scope, member, token, excluded, conversation, client, endpoint, server },
    ...{ method, target, digest, policies, needed, sessions, note },
    actedBy: acted_by,
    serverName: server_name,
    sessionDigest: session_digest,
    shown: { key: sealed_key, sealed },
    createdAt: created_at.getTime(),
    expiresAt: expires_at.getTime(),
    decidedAt: decided_at?.getTime() ?? null,
    usedAt: used_at?.getTime() ?? null,
  };
}
