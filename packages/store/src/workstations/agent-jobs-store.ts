// Work that is asked of workstations. A job is given to one poll at a time; whose lease ran out is given out again, and the
// attempt tells the outcomes of two polls apart.
import type { AgentJobId, MemberId, OrganizationId, ScanReportId, WorkstationId } from '@mcpvault/domain/ids';
import type { AgentJobState, JobResult } from '@mcpvault/domain/workstation/workstation';
import { type Selectable, type SqlBool, sql } from 'kysely';
import { openPage, type Page, type PageRequest } from '../page.ts';
import type { Executor, Schema } from '../schema.ts';

export interface AgentJobRecord {
  readonly id: AgentJobId;
  readonly organization: OrganizationId;
  readonly workstation: WorkstationId;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly reason: string;
  /** null: the hub itself. */
  readonly requestedBy: { readonly id: MemberId; readonly email: string } | null;
  readonly needsConsent: boolean;
  readonly state: AgentJobState;
  /** How often it was given out. */
  readonly attempt: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly leasedUntil: number | null;
  readonly endedAt: number | null;
  readonly detail: string | null;
  readonly result: JobResult | null;
  readonly report: ScanReportId | null;
}

export interface NewJob
  extends Pick<
    AgentJobRecord,
    'id' | 'organization' | 'workstation' | 'kind' | 'input' | 'reason' | 'needsConsent' | 'createdAt' | 'expiresAt'
  > {
  readonly requestedBy: MemberId | null;
}

export interface JobEnd {
  readonly attempt: number;
  readonly state: AgentJobState;
  readonly at: number;
  readonly detail: string;
  readonly result: JobResult | null;
  readonly report: ScanReportId | null;
}

export interface AgentJobsStore {
  create(job: NewJob): Promise<void>;
  byId(organization: OrganizationId, id: AgentJobId): Promise<AgentJobRecord | null>;
  /** Newest first. */
  list(
    organization: OrganizationId,
    query: PageRequest & { readonly workstation?: WorkstationId | undefined; readonly member?: MemberId | undefined },
  ): Promise<Page<AgentJobRecord>>;
  /** Gives out the oldest ones that wait or whose lease ran out; two polls at once never get the same. */
  lease(workstation: WorkstationId, atMost: number, now: number, until: number): Promise<readonly AgentJobRecord[]>;
  /** While the member is asked. False: it had ended, or was given to another attempt. */
  prolong(workstation: WorkstationId, id: AgentJobId, attempt: number, until: number): Promise<boolean>;
  /** False: it had ended, or was given to another attempt. */
  end(workstation: WorkstationId, id: AgentJobId, end: JobEnd): Promise<boolean>;
  /** False: it had ended. */
  cancel(organization: OrganizationId, id: AgentJobId, at: number, detail: string): Promise<boolean>;
  /** Ends what nobody took in time; answers those. */
  expire(now: number): Promise<readonly Pick<AgentJobRecord, 'id' | 'organization' | 'workstation'>[]>;
  /** How many have not ended. */
  countOpen(workstation: WorkstationId): Promise<number>;
}

const open: readonly AgentJobState[] = ['queued', 'leased', 'asking'];

export function createAgentJobsStore(executor: Executor): AgentJobsStore {
  const whole = (organization: OrganizationId) =>
    executor
      .selectFrom('agent_jobs')
      .leftJoin('members', 'members.id', 'agent_jobs.requested_by')
      .selectAll('agent_jobs')
      .select('members.email as requester')
      .where('agent_jobs.organization', '=', organization);

  /** The attempt that holds it, and it has not ended. */
  const held = (workstation: WorkstationId, id: AgentJobId, attempt: number) =>
    executor
      .updateTable('agent_jobs')
      .where('workstation', '=', workstation)
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('state', 'in', ['leased', 'asking']);

  return {
    async create({ input, requestedBy, needsConsent, createdAt, expiresAt, ...job }) {
      await executor
        .insertInto('agent_jobs')
        .values({
          ...job,
          state: 'queued',
          input: JSON.stringify(input),
          requested_by: requestedBy,
          needs_consent: needsConsent,
          created_at: new Date(createdAt),
          expires_at: new Date(expiresAt),
        })
        .execute();
    },

    async byId(organization, id) {
      const row = await whole(organization).where('agent_jobs.id', '=', id).executeTakeFirst();
      return row ? toJob(row) : null;
    },

    async list(organization, { workstation, member, ...request }) {
      const page = openPage(request);
      let query = whole(organization);
      if (workstation !== undefined) query = query.where('agent_jobs.workstation', '=', workstation);
      if (member !== undefined) {
        query = query.where('agent_jobs.workstation', 'in', (eb) =>
          eb.selectFrom('workstations').select('workstations.id').where('workstations.member', '=', member),
        );
      }
      const rows = await query
        .where(page.after('agent_jobs.created_at', 'agent_jobs.id'))
        .orderBy('agent_jobs.created_at', 'desc')
        .orderBy('agent_jobs.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toJob);
    },

    async lease(workstation, atMost, now, until) {
      if (atMost === 0) return [];
      const due = sql<SqlBool>`(state = 'queued' or leased_until <= ${new Date(now)})`;
      const rows = await executor
        .updateTable('agent_jobs')
        .set({ state: 'leased', leased_until: new Date(until), attempt: sql`attempt + 1` })
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('agent_jobs')
            .select('id')
            .where('workstation', '=', workstation)
            .where('state', 'in', open)
            .where('expires_at', '>', new Date(now))
            .where(due)
            .orderBy('created_at')
            .orderBy('id')
            .limit(atMost)
            .forUpdate()
            .skipLocked(),
        )
        .returningAll()
        .returning((eb) =>
          eb
            .selectFrom('members')
            .select('email')
            .whereRef('members.id', '=', 'agent_jobs.requested_by')
            .as('requester'),
        )
        .execute();
      return rows.map(toJob).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },

    async prolong(workstation, id, attempt, until) {
      const result = await held(workstation, id, attempt)
        .set({ state: 'asking', leased_until: new Date(until) })
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async end(workstation, id, { attempt, state, at, detail, result, report }) {
      const ended = await held(workstation, id, attempt)
        .set({ state, ended_at: new Date(at), leased_until: null, detail, report })
        .set({ result: result === null ? null : JSON.stringify(result) })
        .executeTakeFirst();
      return ended.numUpdatedRows > 0n;
    },

    async cancel(organization, id, at, detail) {
      const ended = await executor
        .updateTable('agent_jobs')
        .set({ state: 'cancelled', ended_at: new Date(at), leased_until: null, detail })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('state', 'in', open)
        .executeTakeFirst();
      return ended.numUpdatedRows > 0n;
    },

    async expire(now) {
      return executor
        .updateTable('agent_jobs')
        .set({ state: 'expired', ended_at: new Date(now), leased_until: null })
        .where('state', 'in', open)
        .where('expires_at', '<=', new Date(now))
        .returning(['id', 'organization', 'workstation'])
        .execute();
    },

    async countOpen(workstation) {
      const row = await executor
        .selectFrom('agent_jobs')
        .select(sql<number>`count(*)::int`.as('open'))
        .where('workstation', '=', workstation)
        .where('state', 'in', open)
        .executeTakeFirstOrThrow();
      return row.open;
    },
  };
}

function toJob(row: Selectable<Schema['agent_jobs']> & { readonly requester: string | null }): AgentJobRecord {
  return {
    id: row.id,
    organization: row.organization,
    workstation: row.workstation,
    kind: row.kind,
    input: row.input,
    reason: row.reason,
    requestedBy: row.requested_by === null ? null : { id: row.requested_by, email: row.requester ?? '' },
    needsConsent: row.needs_consent,
    state: row.state,
    attempt: row.attempt,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    leasedUntil: row.leased_until?.getTime() ?? null,
    endedAt: row.ended_at?.getTime() ?? null,
    detail: row.detail,
    result: row.result,
    report: row.report,
  };
}
