// What passed on workstations, in the same record as what passed through the hub. Whoever adds holds the line of the journal
// until the transaction ends, so that each number of a journal is taken once.
import type { RaisedAlert } from '@mcpvault/domain/alerts/alert';
import { alertsRaisedBy } from '@mcpvault/domain/alerts/raised-by';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { OrganizationId, WorkstationId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { encodeRecord } from '@mcpvault/domain/record/record-line';
import type { SealedBlock } from '@mcpvault/domain/record/recorded-batch';
import type { MissingRange } from '@mcpvault/domain/workstation/workstation';
import { CompiledQuery, type Insertable } from 'kysely';
import { raiseBeside } from '../alerts/raise-beside.ts';
import { appendCalls } from '../audit/call-batch.ts';
import type { Ask } from '../audit/log-end.ts';
import type { Executor, Schema } from '../schema.ts';

export interface WorkstationJournal {
  readonly id: string;
  /** The last number that is stored; -1: none. */
  readonly position: number;
  readonly taken: number;
  readonly rejected: number;
  readonly lost: number;
  /** Oldest first. */
  readonly missing: readonly MissingRange[];
  readonly lastAt: number;
}

export interface Whose {
  readonly organization: OrganizationId;
  readonly workstation: WorkstationId;
  readonly journal: string;
}

/** What is taken of a batch. */
export interface Progress {
  readonly position: number;
  readonly taken: number;
  readonly rejected: number;
  readonly lost: number;
  readonly missing: readonly MissingRange[];
  readonly at: number;
}

export interface WorkstationRecordsStore {
  /** Held until the transaction ends. */
  hold(whose: Whose, at: number): Promise<WorkstationJournal>;
  advance(whose: Whose, progress: Progress): Promise<void>;
  /**
   * Those that were not in the record before; with the block in which their originals lie, the alerts they raised, and
   * their audit entry.
   */
  add(
    whose: Whose,
    records: readonly MessageRecord[],
    block: Pick<SealedBlock, 'id' | 'key' | 'sealed'>,
    at: number,
  ): Promise<readonly MessageRecord[]>;
  journals(organization: OrganizationId, workstation: WorkstationId): Promise<readonly WorkstationJournal[]>;
}

const missingAtMost = 200;
const reasonAtMost = 1000;

export function createWorkstationRecordsStore(
  executor: Executor,
  ambient: Pick<Ambient, 'ids' | 'clock'>,
): WorkstationRecordsStore {
  const ask: Ask = async ({ text, values }) => (await executor.executeQuery(CompiledQuery.raw(text, values))).rows;
  const line = ({ workstation, journal }: Pick<Whose, 'workstation' | 'journal'>) =>
    executor
      .selectFrom('workstation_journals')
      .selectAll()
      .where('workstation', '=', workstation)
      .where('journal', '=', journal);

  /** Policies of the workstation's own are known here by its last word only, which the alert has to outlive. */
  async function withReasons(workstation: WorkstationId, raised: readonly RaisedAlert[]): Promise<RaisedAlert[]> {
    const row = await executor
      .selectFrom('workstations')
      .select('local_policies as policies')
      .where('id', '=', workstation)
      .executeTakeFirst();
    return raised.map((alert) => {
      const { policy } = alert.snapshot;
      const reason = row?.policies?.find(({ id }) => id === policy?.id)?.reason;
      if (policy === null || typeof reason !== 'string') return alert;
      const text = reason.slice(0, reasonAtMost).toWellFormed();
      return { ...alert, snapshot: { ...alert.snapshot, text, policy: { ...policy, reason: text } } };
    });
  }

  return {
    async hold(whose, at) {
      const now = new Date(at);
      const fresh = { position: -1, missing: '[]', first_at: now, last_at: now };
      await executor
        .insertInto('workstation_journals')
        .values({ ...whose, ...fresh })
        .onConflict((conflict) => conflict.columns(['workstation', 'journal']).doNothing())
        .execute();
      return toJournal(await line(whose).forUpdate().executeTakeFirstOrThrow());
    },

    async advance({ workstation, journal }, { position, taken, rejected, lost, missing, at }) {
      await executor
        .updateTable('workstation_journals')
        .set((eb) => ({
          position,
          taken: eb('taken', '+', taken),
          rejected: eb('rejected', '+', rejected),
          lost: eb('lost', '+', lost),
          missing: JSON.stringify(missing.slice(-missingAtMost)),
          last_at: new Date(at),
        }))
        .where('workstation', '=', workstation)
        .where('journal', '=', journal)
        .execute();
    },

    async add({ organization, workstation }, records, block, at) {
      if (records.length === 0) return [];
      const rows = await executor
        .insertInto('messages')
        .values(records.map((record) => rowOf(record, block.id, workstation)))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .execute();
      const stored = new Set(rows.map(({ id }) => id));
      const added = records.filter(({ id }) => stored.has(id));
      if (added.length === 0) return added;
      await executor
        .insertInto('message_blocks')
        .values({ ...block, organization, at })
        .execute();
      const lines = added.map((record) => Buffer.from(encodeRecord(record, block.id)));
      const raised = added.flatMap(alertsRaisedBy);
      if (raised.length > 0) await raiseBeside(ask, await withReasons(workstation, raised), ambient);
      // Last, since the log is held until the end of the transaction.
      await appendCalls(ask, [{ organization, lines }], ambient);
      return added;
    },

    async journals(organization, workstation) {
      const rows = await executor
        .selectFrom('workstation_journals')
        .selectAll()
        .where('organization', '=', organization)
        .where('workstation', '=', workstation)
        .orderBy('last_at', 'desc')
        .limit(20)
        .execute();
      return rows.map(toJournal);
    },
  };
}

function rowOf(record: MessageRecord, block: string, workstation: WorkstationId): Insertable<Schema['messages']> {
  const { request, response } = record;
  return {
    ...{ id: record.id, organization: record.organization, at: record.at, member: record.member, token: record.token },
    ...{ conversation: record.conversation, client: record.client, endpoint: record.endpoint, server: record.server },
    ...{ server_name: record.serverName, direction: record.direction, method: record.method, target: record.target },
    ...{ protocol: record.protocol, outcome: record.outcome, code: record.code, reason: record.reason },
    ...{ duration_us: record.durationUs, upstream_us: record.upstreamUs, block, workstation },
    request_offset: request?.offset ?? null,
    request_length: request?.length ?? null,
    response_offset: response?.offset ?? null,
    response_length: response?.length ?? null,
    request_edits: JSON.stringify(record.requestEdits),
    response_edits: JSON.stringify(record.responseEdits),
    request_findings: JSON.stringify(record.requestFindings),
    response_findings: JSON.stringify(record.responseFindings),
    ...{ role: record.role, acted_by: record.actedBy, parameters: record.parameters, trace: record.trace },
    judged: record.judged === null ? null : JSON.stringify(record.judged),
  };
}

function toJournal(row: {
  readonly journal: string;
  readonly position: number;
  readonly taken: number;
  readonly rejected: number;
  readonly lost: number;
  readonly missing: readonly MissingRange[];
  readonly last_at: Date;
}): WorkstationJournal {
  const { journal, position, taken, rejected, lost, missing, last_at } = row;
  return { id: journal, position, taken, rejected, lost, missing, lastAt: last_at.getTime() };
}
