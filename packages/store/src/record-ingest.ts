// The way from a journal into the database. Exactly once: the journal's position moves in the transaction that stores its
// blocks, so whatever is sent again is left out, and whatever was cut off is as if it had never begun.
import type { RecordedBatch, SealedBlock } from '@mcpvault/domain/record/recorded-batch';
import type pg from 'pg';
import type { Database } from './connect.ts';
import { codeOf, databaseFailure } from './database-failure.ts';
import { storable } from './storable.ts';

export interface Ingested {
  /** Messages that were not in the record before. */
  readonly inserted: number;
  /** Records that no database would take, such as text that is not JSON; they are left out so that the rest can pass. */
  readonly rejected: number;
}

/** Throws `database_unavailable` when the batch could not be stored now: keep it and send it again. */
export type Ingest = (batch: RecordedBatch) => Promise<Ingested>;

export function createIngest({ pool, place }: Pick<Database, 'pool' | 'place'>): Ingest {
  return async (batch) => {
    try {
      return await inTransaction(pool, (client) => ingest(client, batch, storeAll));
    } catch (error) {
      if (!isAboutContent(error)) throw databaseFailure(error, place);
    }
    try {
      return await inTransaction(pool, (client) => ingest(client, batch, storeOneByOne));
    } catch (error) {
      throw databaseFailure(error, place);
    }
  };
}

type Store = (client: pg.PoolClient, blocks: readonly SealedBlock[]) => Promise<Ingested>;

async function ingest(client: pg.PoolClient, { journal, blocks }: RecordedBatch, store: Store): Promise<Ingested> {
  const reached = await lockPosition(client, journal);
  const fresh = blocks.filter(({ position }) => position > reached);
  const last = fresh.at(-1);
  if (!last) return { inserted: 0, rejected: 0 };
  const ingested = await store(
    client,
    fresh.map(({ block }) => block),
  );
  await client.query({ ...advance, values: [journal, last.position] });
  return ingested;
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
async function lockPosition(client: pg.PoolClient, journal: string): Promise<number> {
  const held = await client.query<{ position: number }>({ ...lock, values: [journal] });
  if (held.rows[0]) return held.rows[0].position;
  await client.query({ ...begin, values: [journal] });
  return lockPosition(client, journal);
}

async function storeAll(client: pg.PoolClient, blocks: readonly SealedBlock[]): Promise<Ingested> {
  const { rowCount } = await client.query({ ...insert, values: [recordsOf(blocks), ...columnsOf(blocks)] });
  return { inserted: rowCount ?? 0, rejected: 0 };
}

/** For a batch of which something cannot be stored: finds out what, and stores the rest. */
async function storeOneByOne(client: pg.PoolClient, blocks: readonly SealedBlock[]): Promise<Ingested> {
  let inserted = 0;
  let rejected = 0;
  for (const block of blocks) {
    await storeAll(client, [{ ...block, records: [] }]);
    for (const record of block.records) {
      await client.query('savepoint record');
      try {
        const { rowCount } = await client.query({
          ...insert,
          values: [recordsOf([{ ...block, records: [record] }]), ...none],
        });
        inserted += rowCount ?? 0;
      } catch (error) {
        if (!isAboutContent(error)) throw error;
        await client.query('rollback to savepoint record');
        rejected += 1;
      }
    }
  }
  return { inserted, rejected };
}

/** All records as one JSON array, each with the id of its block put in front. Nothing is parsed on this side. */
function recordsOf(blocks: readonly SealedBlock[]): string {
  const parts: string[] = [];
  for (const { id, records } of blocks) {
    const front = `{"block":${JSON.stringify(id)},`;
    for (const record of records) parts.push(front + withoutUnstorable(record).slice(1));
  }
  return `[${parts.join(',')}]`;
}

/** All sealed bytes as one parameter, cut apart over there: an array of them would have to be spelled out in text. */
function columnsOf(blocks: readonly SealedBlock[]): unknown[] {
  let offset = 1;
  const offsets = blocks.map(({ sealed }) => {
    const start = offset;
    offset += sealed.length;
    return start;
  });
  return [
    blocks.map((block) => block.id),
    blocks.map((block) => block.organization),
    blocks.map((block) => block.key),
    offsets,
    blocks.map((block) => block.sealed.length),
    Buffer.concat(blocks.map((block) => block.sealed)),
  ];
}

const none = [[], [], [], [], [], Buffer.alloc(0)];

/** Escapes of what a PostgreSQL text cannot hold: NUL and halves of surrogate pairs. */
const unstorable = /\\u(?:0000|d[89a-f])/i;

function withoutUnstorable(record: string): string {
  if (!unstorable.test(record)) return record;
  try {
    return JSON.stringify(
      JSON.parse(record, (_key, value: unknown) => (typeof value === 'string' ? storable(value) : value)),
    );
  } catch {
    return record;
  }
}

/** SQLSTATE classes 22 (data), 23 (constraint) and 54 (limit): sending the same again would fail the same way. */
function isAboutContent(error: unknown): boolean {
  return /^(22|23|54)/.test(codeOf(error) ?? '');
}

const lock = {
  name: 'journal-lock',
  text: 'select position from journal_positions where journal = $1 for update',
};

const begin = {
  name: 'journal-begin',
  text: 'insert into journal_positions (journal, position) values ($1, -1) on conflict do nothing',
};

const advance = {
  name: 'journal-advance',
  text: 'update journal_positions set position = $2 where journal = $1',
};

const insert = {
  name: 'record-insert',
  text: `
    with records as materialized (
      select * from json_to_recordset($1::json) as record (
        block text, id text, organization text, at bigint, member text, token text, conversation text, client text,
        endpoint text, server text, "serverName" text, direction text, method text, target text, protocol text,
        outcome text, code text, reason text, "durationUs" double precision, "upstreamUs" double precision,
        request json, response json,
        "requestEdits" jsonb, "responseEdits" jsonb, "requestFindings" jsonb, "responseFindings" jsonb)
    ), ages as (
      select block, max(at) as at from records group by block
    ), blocks as (
      insert into message_blocks (id, organization, key, sealed, at)
      select sent.id, organization, key, substring($7::bytea from start for length), coalesce(ages.at, 0)
      from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[])
        as sent (id, organization, key, start, length)
      left join ages on ages.block = sent.id
      on conflict do nothing
    )
    insert into messages (
      id, organization, at, member, token, conversation, client, endpoint, server, server_name, direction, method,
      target, protocol, outcome, code, reason, duration_us, upstream_us, block,
      request_offset, request_length, response_offset, response_length,
      request_edits, response_edits, request_findings, response_findings)
    select
      id, organization, at, member, token, conversation, client, endpoint, server, "serverName", direction, method,
      target, protocol, outcome, code, reason, "durationUs", "upstreamUs", block,
      (request ->> 'offset')::int, (request ->> 'length')::int,
      (response ->> 'offset')::int, (response ->> 'length')::int,
      coalesce("requestEdits", '[]'), coalesce("responseEdits", '[]'),
      coalesce("requestFindings", '[]'), coalesce("responseFindings", '[]')
    from records
    on conflict do nothing`,
};
