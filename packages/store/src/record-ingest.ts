// The way from a journal into the database. Exactly once: the journal's position moves in the transaction that stores its
// blocks, so whatever is sent again is left out, and whatever was cut off is as if it had never begun.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { RaisedAlert } from '@mcpvault/domain/alerts/alert';
import { alertsRaisedBy } from '@mcpvault/domain/alerts/raised-by';
import { completeLine, decodeRecord } from '@mcpvault/domain/record/record-line';
import type { RecordedBatch, RecordedBlock } from '@mcpvault/domain/record/recorded-batch';
import type pg from 'pg';
import { raiseBeside } from './alerts/raise-beside.ts';
import { appendCalls, type CallLines } from './audit/call-batch.ts';
import type { Ask } from './audit/log-end.ts';
import type { Database } from './connect.ts';
import { copyIn } from './copy-in.ts';
import { codeOf, databaseFailure, isAboutContent } from './database-failure.ts';

export interface Ingested {
  /** Messages that were not in the record before. */
  readonly inserted: number;
  /** Records that no database would take, such as lines cut short; they are left out so that the rest can pass. */
  readonly rejected: number;
}

/** Throws `database_unavailable` when the batch could not be stored now: keep it and send it again. */
export type Ingest = (batch: RecordedBatch) => Promise<Ingested>;

/** What was stored, for its audit entry. */
interface Stored extends Ingested {
  readonly calls: readonly CallLines[];
}

/** `onAlerts` is told, once they are stored, of which organizations there were messages with alerts. */
export function createIngest(
  { pool, place }: Pick<Database, 'pool' | 'place'>,
  ambient: Pick<Ambient, 'ids' | 'clock'>,
  onAlerts: (organizations: readonly OrganizationId[]) => void = () => {},
): Ingest {
  const ingest = ingestInto(ambient);
  const carry = async (batch: RecordedBatch, store: Store): Promise<Ingested> => {
    const { alerted, ...ingested } = await inTransaction(pool, (client) => ingest(client, batch, store));
    if (alerted.length > 0) onAlerts(alerted);
    return ingested;
  };
  return async (batch) => {
    try {
      return await carry(batch, storeAll);
    } catch (error) {
      if (!isAboutContent(error)) throw databaseFailure(error, place);
    }
    try {
      return await carry(batch, storeOneByOne);
    } catch (error) {
      throw databaseFailure(error, place);
    }
  };
}

interface WithAlerts extends Ingested {
  readonly alerted: readonly OrganizationId[];
}

type Store = (client: pg.PoolClient, blocks: readonly RecordedBlock[]) => Promise<Stored>;

function ingestInto(ambient: Pick<Ambient, 'ids' | 'clock'>) {
  return async (client: pg.PoolClient, { journal, blocks }: RecordedBatch, store: Store): Promise<WithAlerts> => {
    const [only, ...others] = new Set(blocks.map(({ block }) => block.organization));
    // Nearly always there is but one, which costs no word more.
    const reached = await lockPosition(client, journal, others.length === 0 ? only : undefined);
    const fresh = blocks.filter(({ position }) => position > reached);
    const last = fresh.at(-1);
    if (!last) return { inserted: 0, rejected: 0, alerted: [] };
    const ask: Ask = async (statement) => (await client.query(statement)).rows;
    const enter = async (organization: OrganizationId) => {
      if (others.length > 0) await ask({ ...within, values: [organization] });
    };
    const calls: CallLines[] = [];
    let [inserted, rejected] = [0, 0];
    for (const [organization, own] of byOrganization(fresh)) {
      await enter(organization);
      const stored = await store(client, own);
      inserted += stored.inserted;
      rejected += stored.rejected;
      calls.push(...stored.calls);
      await client.query({ ...finish, values: [journal, last.position, ...columnsOf(own)] });
    }
    const hasAlerts = fresh.some(({ block }) => block.records.includes(alertMark));
    const alerted = hasAlerts ? await raiseFrom(ask, calls, ambient) : [];
    // Last, since the log is held until the end of the transaction; and always in the same order, so that two hubs never
    // wait for each other in a circle.
    for (const batch of calls.toSorted((a, b) => (a.organization < b.organization ? -1 : 1))) {
      await enter(batch.organization);
      await appendCalls(ask, [batch], ambient);
    }
    return { inserted, rejected, alerted };
  };
}

function byOrganization(blocks: readonly RecordedBlock[]): ReadonlyMap<OrganizationId, readonly RecordedBlock[]> {
  return Map.groupBy(blocks, ({ block }) => block.organization);
}

/** As `encodeRecord` writes it. Where it stands in a line by chance, that line is only read for nothing. */
const alertMark = Buffer.from('"alerts":[{');

async function raiseFrom(
  ask: Ask,
  calls: readonly CallLines[],
  ambient: Pick<Ambient, 'ids'>,
): Promise<readonly OrganizationId[]> {
  const lines = calls.flatMap((batch) => batch.lines).filter((line) => line.includes(alertMark));
  const raised = lines.flatMap(alertsIn);
  if (raised.length === 0) return [];
  await raiseBeside(ask, raised, ambient);
  return [...new Set(raised.map(({ organization }) => organization))];
}

/** None where it cannot be read: an alert must not hold up the record. */
function alertsIn(line: Buffer): readonly RaisedAlert[] {
  try {
    return alertsRaisedBy(decodeRecord(line.toString().replace(/\n$/, '')).record);
  } catch {
    return [];
  }
}

async function inTransaction<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Holds the journal's position until the transaction ends, so that the same batch sent twice at once waits here. */
async function lockPosition(client: pg.PoolClient, journal: string, only: OrganizationId | undefined): Promise<number> {
  const held = await client.query<{ position: number }>({ ...lock, values: [journal, only ?? ''] });
  if (held.rows[0]) return held.rows[0].position;
  await client.query({ ...begin, values: [journal] });
  return lockPosition(client, journal, only);
}

/** The lines are as the journal has them; nothing is parsed on this side. */
async function storeAll(client: pg.PoolClient, blocks: readonly RecordedBlock[]): Promise<Stored> {
  const inserted = await copyIn(client, copy, Buffer.concat(blocks.map(({ block }) => block.records)));
  const calls = grouped(
    blocks.flatMap(({ block: { organization, records } }) => linesOf(records).map((line) => ({ organization, line }))),
  );
  return { inserted, rejected: 0, calls };
}

interface OwnedLine {
  readonly organization: OrganizationId;
  readonly line: Buffer;
}

function grouped(lines: readonly OwnedLine[]): readonly CallLines[] {
  const groups = new Map<OrganizationId, Buffer[]>();
  for (const { organization, line } of lines) {
    const own = groups.get(organization);
    if (own === undefined) groups.set(organization, [line]);
    else own.push(line);
  }
  return [...groups].map(([organization, own]) => ({ organization, lines: own }));
}

/** For a batch of which something cannot be stored, or is stored already: finds out what, and stores the rest. */
async function storeOneByOne(client: pg.PoolClient, blocks: readonly RecordedBlock[]): Promise<Stored> {
  let inserted = 0;
  let rejected = 0;
  const stored: OwnedLine[] = [];
  for (const { block } of blocks) {
    for (const kept of linesOf(block.records)) await one(block.organization, completed(kept));
  }
  return { inserted, rejected, calls: grouped(stored) };

  async function one(organization: OrganizationId, line: Buffer): Promise<void> {
    await client.query('savepoint record');
    try {
      const rows = await copyIn(client, copy, line);
      inserted += rows;
      if (rows > 0) stored.push({ organization, line });
    } catch (error) {
      if (!isAboutContent(error)) throw error;
      await client.query('rollback to savepoint record');
      if (codeOf(error) !== uniqueViolation) rejected += 1;
    }
  }
}

/** Of a line that an earlier version wrote. */
function completed(line: Buffer): Buffer {
  return Buffer.from(`${completeLine(line.toString().replace(/\n$/, ''))}\n`);
}

/** Each with its line end. */
function linesOf(records: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < records.length; ) {
    const end = records.indexOf(10, from);
    const to = end < 0 ? records.length : end + 1;
    lines.push(records.subarray(from, to));
    from = to;
  }
  return lines;
}

/** All sealed bytes as one parameter, cut apart over there: an array of them would have to be spelled out in text. */
function columnsOf(blocks: readonly RecordedBlock[]): unknown[] {
  let offset = 1;
  const offsets = blocks.map(({ block }) => {
    const start = offset;
    offset += block.sealed.length;
    return start;
  });
  return [
    blocks.map(({ block }) => block.id),
    blocks.map(({ block }) => block.organization),
    blocks.map(({ block }) => block.key),
    blocks.map(({ at }) => at),
    offsets,
    blocks.map(({ block }) => block.sealed.length),
    Buffer.concat(blocks.map(({ block }) => block.sealed)),
  ];
}

const uniqueViolation = '23505';

const lock = {
  name: 'journal-lock',
  text: `select position, set_config('mcpvault.organization', $2, true) from journal_positions where journal = $1 for update`,
};

/** From here on the tables take rows of this organization only. */
const within = { name: 'record-within', text: `select set_config('mcpvault.organization', $1, true)` };

const begin = {
  name: 'journal-begin',
  text: 'insert into journal_positions (journal, position) values ($1, -1) on conflict do nothing',
};

/** In the order in which `encodeRecord` writes them. */
const copy = `copy messages (
  id, organization, at, member, token, conversation, client, endpoint, server, server_name, direction, method, target,
  protocol, outcome, code, reason, duration_us, upstream_us, request_offset, request_length, response_offset,
  response_length, request_edits, response_edits, request_findings, response_findings, block,
  role, acted_by, parameters, trace, judged, secrets) from stdin`;

const finish = {
  name: 'record-finish',
  text: `
    with blocks as (
      insert into message_blocks (id, organization, key, at, sealed)
      select id, organization, key, at, substring($9::bytea from start for length)
      from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::int[], $8::int[])
        as sent (id, organization, key, at, start, length)
      on conflict do nothing
    )
    update journal_positions set position = $2 where journal = $1`,
};
