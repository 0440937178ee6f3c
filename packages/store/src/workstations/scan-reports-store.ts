// What workstations reported of their scans, each once, with how the rules of that moment judged it.
import type { AgentJobId, MemberId, OrganizationId, ScanReportId, WorkstationId } from '@mcpvault/domain/ids';
import type { ComplianceVerdict, Judgement } from '@mcpvault/domain/workstation/judge-report';
import type { ReportedClients } from '@mcpvault/domain/workstation/workstation';
import { openPage, type Page, type PageRequest } from '../page.ts';
import type { Executor } from '../schema.ts';

/** A report without what it reports. */
export interface ScanReportLine {
  readonly id: ScanReportId;
  readonly workstation: WorkstationId;
  readonly takenAt: number;
  readonly receivedAt: number;
  readonly why: 'rules' | 'job' | 'member';
  readonly job: AgentJobId | null;
  readonly agentVersion: string;
  /** Version of the rules that it followed. */
  readonly rules: number | null;
  readonly verdict: ComplianceVerdict;
  readonly judged: Judgement;
}

export interface StoredReport extends ScanReportLine {
  readonly clients: ReportedClients;
}

export interface NewReport extends StoredReport {
  readonly organization: OrganizationId;
  /** As the workstation named it. */
  readonly ownId: string;
}

/** The last report of a workstation that is not gone. */
export interface LastReport {
  readonly id: ScanReportId;
  readonly workstation: { readonly id: WorkstationId; readonly name: string };
  readonly member: { readonly id: MemberId; readonly email: string };
  readonly takenAt: number;
  readonly clients: ReportedClients;
}

export interface ScanReportsStore {
  /** The id it has, which is an older one where it was there before. */
  add(report: NewReport): Promise<{ readonly id: ScanReportId; readonly isNew: boolean }>;
  byId(organization: OrganizationId, id: ScanReportId): Promise<StoredReport | null>;
  byOwnId(workstation: WorkstationId, ownId: string): Promise<ScanReportLine | null>;
  /** Newest first. */
  list(organization: OrganizationId, workstation: WorkstationId, page: PageRequest): Promise<Page<ScanReportLine>>;
  /** The one that was taken before this one. */
  before(report: Pick<ScanReportLine, 'id' | 'workstation' | 'receivedAt'>): Promise<StoredReport | null>;
  /** In the order of their workstations' ids, so many at a time. */
  latest(
    organization: OrganizationId,
    part: { readonly after: WorkstationId | null; readonly atMost: number; readonly member?: MemberId | undefined },
  ): Promise<readonly LastReport[]>;
  /** Of each workstation, all but its newest so many. */
  trim(workstation: WorkstationId, keep: number): Promise<void>;
}

export function createScanReportsStore(executor: Executor): ScanReportsStore {
  const columns = ['id', 'workstation', 'taken_at', 'received_at', 'why', 'job', 'agent_version', 'rules'] as const;

  return {
    async add(report) {
      const { id, organization, workstation, ownId, takenAt, receivedAt, why, job, agentVersion, rules } = report;
      const row = await executor
        .insertInto('scan_reports')
        .values({
          ...{ id, organization, workstation, own_id: ownId, why, job, agent_version: agentVersion, rules },
          taken_at: new Date(takenAt),
          received_at: new Date(receivedAt),
          clients: JSON.stringify(report.clients),
          verdict: report.verdict,
          judged: JSON.stringify(report.judged),
        })
        .onConflict((conflict) => conflict.columns(['workstation', 'own_id']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (row !== undefined) return { id: row.id, isNew: true };
      const found = await executor
        .selectFrom('scan_reports')
        .select('id')
        .where('workstation', '=', workstation)
        .where('own_id', '=', ownId)
        .executeTakeFirstOrThrow();
      return { id: found.id, isNew: false };
    },

    async byId(organization, id) {
      const row = await executor
        .selectFrom('scan_reports')
        .select([...columns, 'verdict', 'judged', 'clients'])
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? { ...toLine(row), clients: row.clients } : null;
    },

    async byOwnId(workstation, ownId) {
      const row = await executor
        .selectFrom('scan_reports')
        .select([...columns, 'verdict', 'judged'])
        .where('workstation', '=', workstation)
        .where('own_id', '=', ownId)
        .executeTakeFirst();
      return row ? toLine(row) : null;
    },

    async list(organization, workstation, request) {
      const page = openPage(request);
      const rows = await executor
        .selectFrom('scan_reports')
        .select([...columns, 'verdict', 'judged'])
        .where('organization', '=', organization)
        .where('workstation', '=', workstation)
        .where(page.after('received_at', 'id'))
        .orderBy('received_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.received_at.getTime(), id: row.id }), toLine);
    },

    async before({ id, workstation, receivedAt }) {
      const row = await executor
        .selectFrom('scan_reports')
        .select([...columns, 'verdict', 'judged', 'clients'])
        .where('workstation', '=', workstation)
        .where('received_at', '<=', new Date(receivedAt))
        .where('id', '<>', id)
        .orderBy('received_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? { ...toLine(row), clients: row.clients } : null;
    },

    async latest(organization, { after, atMost, member }) {
      let query = executor
        .selectFrom('workstations')
        .innerJoin('scan_reports', 'scan_reports.id', 'workstations.report')
        .innerJoin('members', 'members.id', 'workstations.member')
        .select(['scan_reports.id', 'scan_reports.taken_at', 'scan_reports.clients'])
        .select(['workstations.id as workstation', 'workstations.name'])
        .select(['members.id as member', 'members.email'])
        .where('workstations.organization', '=', organization)
        .where('workstations.state', 'in', ['active', 'disabled']);
      if (after !== null) query = query.where('workstations.id', '>', after);
      if (member !== undefined) query = query.where('workstations.member', '=', member);
      const rows = await query.orderBy('workstations.id').limit(atMost).execute();
      return rows.map((row) => ({
        id: row.id,
        workstation: { id: row.workstation, name: row.name },
        member: { id: row.member, email: row.email },
        takenAt: row.taken_at.getTime(),
        clients: row.clients,
      }));
    },

    async trim(workstation, keep) {
      await executor
        .deleteFrom('scan_reports')
        .where('workstation', '=', workstation)
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('scan_reports')
            .select('id')
            .where('workstation', '=', workstation)
            .orderBy('received_at', 'desc')
            .orderBy('id', 'desc')
            .offset(keep),
        )
        .execute();
    },
  };
}

interface LineRow {
  readonly id: ScanReportId;
  readonly workstation: WorkstationId;
  readonly taken_at: Date;
  readonly received_at: Date;
  readonly why: 'rules' | 'job' | 'member';
  readonly job: AgentJobId | null;
  readonly agent_version: string;
  readonly rules: number | null;
  readonly verdict: ComplianceVerdict;
  readonly judged: Judgement;
}

function toLine(row: LineRow): ScanReportLine {
  return {
    id: row.id,
    workstation: row.workstation,
    takenAt: row.taken_at.getTime(),
    receivedAt: row.received_at.getTime(),
    why: row.why,
    job: row.job,
    agentVersion: row.agent_version,
    rules: row.rules,
    verdict: row.verdict,
    judged: row.judged,
  };
}
