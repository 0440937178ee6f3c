import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { PolicyAlert } from '@mcpvault/domain/policy/effect';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { encodeRecord } from '@mcpvault/domain/record/record-line';
import type { RecordedBatch, SealedBlock } from '@mcpvault/domain/record/recorded-batch';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import fc from 'fast-check';
import type { Database } from './connect.ts';
import { listMessages, oneMessage } from './messages-view.ts';
import { createIngest } from './record-ingest.ts';
import { openTestDatabase, testAmbient } from './testing/test-database.ts';

const database = await openTestDatabase();
const { ids, random, clock } = testAmbient();
const ingest = createIngest(database, { ids, clock });
const organization: OrganizationId = 'org_a';

function record(changes: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: ids.next('msg'),
    organization,
    at: 1_763_712_000_123,
    member: 'mem_1',
    token: 'tok_1',
    conversation: 'con_1',
    client: 'cursor/1.2',
    endpoint: 'files',
    server: 'srv_1',
    serverName: 'files',
    direction: 'call',
    method: 'tools/call',
    target: 'read',
    protocol: '2025-11-25',
    outcome: 'answered',
    code: null,
    reason: null,
    durationUs: 812,
    upstreamUs: 640,
    request: { offset: 0, length: 10 },
    response: { offset: 10, length: 20 },
    requestEdits: [],
    responseEdits: [],
    requestFindings: [],
    responseFindings: [],
    role: 'member',
    actedBy: null,
    parameters: null,
    trace: null,
    judged: null,
    secrets: null,
    ...changes,
  };
}

function block(records: readonly MessageRecord[], sealed = Buffer.from(random.bytes(64))): SealedBlock {
  const id = ids.next('blk');
  return {
    id,
    organization,
    key: 'key_1',
    sealed,
    records: Buffer.from(records.map((item) => encodeRecord(item, id)).join('')),
    count: records.length,
  };
}

function edit(policy: Edit['policy']): Edit {
  return { start: 1, end: 5, replacement: '[redacted:x]', layer: 'hub', policy, reason: 'secrets stay', detector: 'x' };
}

let journals = 0;
function journal(): string {
  journals += 1;
  return `journal-${journals}`;
}

/** A batch of these blocks, the first one at position `from`. */
function batch(name: string, from: number, blocks: readonly SealedBlock[]): RecordedBatch {
  return {
    journal: name,
    blocks: blocks.map((item, index) => ({ position: from + index, at: 1_763_712_000_456, block: item })),
  };
}

test('a message comes back as it was recorded, and its original as it was sealed', async () => {
  const finding = { detector: 'x', start: 1, end: 5, pointer: '/params', inKey: false, confidence: 0.9 };
  const whole = record({
    requestEdits: [edit('pol_1'), edit(null)],
    responseEdits: [edit('pol_2')],
    requestFindings: [finding],
  });
  const bare = record({
    token: null,
    conversation: null,
    client: null,
    endpoint: null,
    server: null,
    serverName: null,
    target: null,
    protocol: null,
    upstreamUs: null,
    request: null,
    response: null,
    direction: 'result',
    outcome: 'sent',
    code: 'refused_by_policy',
    reason: 'Ünïcode “reasons” \\ and "quotes" 🙂',
  });
  const sealed = block([whole, bare]);
  assert.deepEqual(await ingest(batch(journal(), 0, [sealed])), { inserted: 2, rejected: 0 });
  const first = await oneMessage(database.kysely, organization, whole.id);
  assert.deepEqual(first?.record, whole);
  assert.deepEqual(first?.block, { id: sealed.id, key: 'key_1', sealed: sealed.sealed });
  assert.equal(first?.redactions, 2);
  assert.deepEqual((await oneMessage(database.kysely, organization, bare.id))?.record, bare);
});

test('blocks of every size keep their own bytes', async () => {
  const sizes = [0, 1, 28, 1000, 60_000];
  const blocks = sizes.map((size) => block([record()], Buffer.from(random.bytes(size))));
  await ingest(batch(journal(), 0, blocks));
  for (const { id, sealed } of blocks) {
    const { rows } = await database.pool.query('select sealed from message_blocks where id = $1', [id]);
    assert.deepEqual(rows[0].sealed, sealed);
  }
});

test('a batch sent again changes nothing', async () => {
  const name = journal();
  const once = batch(name, 0, [block([record(), record()]), block([record()])]);
  assert.equal((await ingest(once)).inserted, 3);
  assert.equal((await ingest(once)).inserted, 0);
});

test('a batch that overlaps with what came before adds only the rest', async () => {
  const name = journal();
  const blocks = [block([record()]), block([record()]), block([record()])];
  assert.equal((await ingest(batch(name, 5, blocks.slice(0, 2)))).inserted, 2);
  assert.equal((await ingest(batch(name, 5, blocks))).inserted, 1);
});

test('a message that is in the record already is left as it is', async () => {
  const [known, fresh] = [record(), record()];
  await ingest(batch(journal(), 0, [block([known])]));
  assert.deepEqual(await ingest(batch(journal(), 0, [block([known, fresh])])), { inserted: 1, rejected: 0 });
});

test('an empty batch is nothing', async () => {
  assert.deepEqual(await ingest(batch(journal(), 0, [])), { inserted: 0, rejected: 0 });
});

test('two journals do not hinder each other', async () => {
  const [one, other] = [journal(), journal()];
  const results = await Promise.all([
    ingest(batch(one, 9, [block([record()])])),
    ingest(batch(other, 0, [block([record()])])),
  ]);
  assert.deepEqual(
    results.map(({ inserted }) => inserted),
    [1, 1],
  );
});

test('text that PostgreSQL cannot hold is recorded without it', async () => {
  const odd = record({ target: 'a\0b\ud800c', client: '\udfff', reason: 'plain \\u0000 text', outcome: 'failed' });
  assert.deepEqual(await ingest(batch(journal(), 0, [block([odd])])), { inserted: 1, rejected: 0 });
  const kept = await oneMessage(database.kysely, organization, odd.id);
  assert.equal(kept?.target, 'a\uFFFDb\uFFFDc');
  assert.equal(kept?.client, '\uFFFD');
  assert.equal(kept?.reason, 'plain \\u0000 text');
});

test('a name of any length is recorded and found', async () => {
  const long = record({ target: `tool-${'ü'.repeat(50_000)}` });
  await ingest(batch(journal(), 0, [block([long])]));
  const found = await listMessages(database.kysely, organization, { tool: long.target ?? '' });
  assert.deepEqual(
    found.items.map(({ id }) => id),
    [long.id],
  );
});

test('a record that no database would take does not hold up the others', async () => {
  const [good, last] = [record(), record()];
  const spoilt = block([good]);
  const line = spoilt.records.toString().trimEnd();
  const spoiltLines = ['msg_x', `${line}\t`, line.replace('812', '8x'), line.replace('[]', '[')];
  const batchWithSpoilt = batch(journal(), 0, [
    { ...spoilt, records: Buffer.concat([...spoiltLines.map((line) => Buffer.from(`${line}\n`)), spoilt.records]) },
    block([last]),
  ]);
  assert.deepEqual(await ingest(batchWithSpoilt), { inserted: 2, rejected: 4 });
  assert.deepEqual(await ingest(batchWithSpoilt), { inserted: 0, rejected: 0 });
  assert.ok((await oneMessage(database.kysely, organization, last.id))?.block);
});

test('a line that names another organization than its block is kept by neither, and does not hold up the others', async () => {
  const [stray, own, other] = [record({ organization: 'org_b' }), record(), record({ organization: 'org_b' })];
  const blocks = [block([stray, own]), { ...block([other]), organization: 'org_b' as const }];
  assert.deepEqual(await ingest(batch(journal(), 0, blocks)), { inserted: 2, rejected: 1 });
  assert.deepEqual(await storedOf(blocks), [own.id, other.id].toSorted());
});

test('while the database does not take it the batch is refused whole, and taken later', async () => {
  const name = journal();
  const kept = batch(name, 0, [block([record()])]);
  await database.pool.query('alter table messages rename to messages_away');
  await assert.rejects(ingest(kept));
  await database.pool.query('alter table messages_away rename to messages');
  assert.equal((await ingest(kept)).inserted, 1);
});

test('a lost connection is a failure that says so', async () => {
  const blocker = await database.pool.connect();
  const name = journal();
  await ingest(batch(name, 0, [block([record()])]));
  await blocker.query('begin');
  await blocker.query('select from journal_positions where journal = $1 for update', [name]);
  const waiting = ingest(batch(name, 1, [block([record()])]));
  const cut = assert.rejects(waiting, (error) => error instanceof Failure && error.code === 'database_unavailable');
  while ((await terminateWaiting(database)) === 0);
  await cut;
  await blocker.query('rollback');
  blocker.release();
});

async function terminateWaiting({ pool }: Database): Promise<number> {
  const { rowCount } = await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rowCount ?? 0;
}

type Step = { readonly kind: 'send' | 'cut' | 'twice'; readonly from: number; readonly length: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('send' as const, 'cut' as const, 'twice' as const),
  from: fc.nat(11),
  length: fc.integer({ min: 1, max: 12 }),
});

test('whatever is sent again, at once or cut off in the middle, each message is in the record exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 12 }),
      fc.array(step, { maxLength: 8 }),
      async (sizes, steps) => {
        const name = journal();
        const blocks = sizes.map((size) => block(Array.from({ length: size }, () => record())));
        let sent = 0;
        let inserted = 0;
        for (const { kind, from, length } of steps) {
          // A journal never skips: it begins at or before what it knows to be stored.
          const start = Math.min(from, sent);
          const part = batch(name, start, blocks.slice(start, start + length));
          if (kind === 'cut') await assert.rejects(createIngest(cutOff(database), { ids, clock })(part));
          else inserted += await sendTimes(kind === 'twice' ? 2 : 1, part);
          if (kind !== 'cut') sent = Math.max(sent, Math.min(start + length, blocks.length));
        }
        inserted += await sendTimes(1, batch(name, 0, blocks));
        const expected = blocks.flatMap(({ records }) => records.toString().match(/^msg_\w+/gm) ?? []);
        assert.equal(inserted, expected.length);
        assert.deepEqual(await storedOf(blocks), expected.toSorted());
      },
    ),
    { numRuns: 60 },
  );
});

async function sendTimes(times: number, part: RecordedBatch): Promise<number> {
  const results = await Promise.all(Array.from({ length: times }, () => ingest(part)));
  return results.reduce((sum, { inserted }) => sum + inserted, 0);
}

async function storedOf(blocks: readonly SealedBlock[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select messages.id from messages join message_blocks on message_blocks.id = messages.block
     where block = any($1) order by messages.id collate "C"`,
    [blocks.map(({ id }) => id)],
  );
  return rows.map(({ id }) => id);
}

/** The same database, but each of its connections dies before it can commit. */
function cutOff({ pool, place }: Database): Pick<Database, 'pool' | 'place'> {
  const dying = Object.create(pool) as Database['pool'];
  Object.defineProperty(dying, 'connect', {
    value: async () => {
      const client = await pool.connect();
      const through = Object.create(client) as typeof client;
      Object.defineProperty(through, 'query', {
        value: async (statement: string | { text: string }) => {
          if (statement !== 'commit') return client.query(statement);
          await pool.query('select pg_terminate_backend($1)', [(client as unknown as { processID: number }).processID]);
          return client.query(statement);
        },
      });
      return through;
    },
  });
  return { pool: dying, place };
}

test('alerts are there exactly when their messages are, however often a batch comes', async () => {
  const name = journal();
  await database.pool.query(`insert into organizations (id, name, created_at) values ($1, 'a', now())`, [organization]);
  const title = 'Alerted “once”\t\\';
  const alert: PolicyAlert = {
    ...{ policy: 'pol_1', version: 1, name: 'P', title, severity: 'high', findings: { x: 1 }, outcome: 'allowed' },
  };
  const judged = { call: { rules: [], alerts: [alert] } };
  const sent = batch(name, 0, [
    block([record({ judged, target: 'one' }), record({ judged, target: 'one' }), record()]),
    block([record({ judged, target: 'two' })]),
  ]);
  const heard: unknown[] = [];
  const telling = createIngest(database, { ids, clock }, (organizations) => heard.push(organizations));
  await Promise.all([telling(sent), telling(sent), telling(sent)]);
  await telling(sent);
  const { rows } = await database.pool.query<{ tool: string; count: number; title: string }>(
    `select tool, count, title from alerts where organization = $1 order by tool`,
    [organization],
  );
  assert.deepEqual(rows, [
    { tool: 'one', count: 2, title },
    { tool: 'two', count: 1, title },
  ]);
  assert.deepEqual(heard, [[organization]]);
  // One of these is stored already: the batch is taken line by line, and only what is new counts.
  const known = record({ judged, target: 'three' });
  await telling(batch(journal(), 0, [block([known])]));
  await telling(batch(journal(), 0, [block([known, record({ judged, target: 'three' })])]));
  const three = await database.pool.query(`select count from alerts where tool = 'three'`);
  assert.deepEqual(three.rows, [{ count: 2 }]);
});

test('an alert that no database would take holds up neither its message nor others', async () => {
  const judged = { call: { rules: [], alerts: [{ policy: 'pol_1', severity: 'unheard of', findings: {} }] } };
  const taken = await ingest(batch(journal(), 0, [block([record({ judged: judged as never }), record()])]));
  assert.deepEqual(taken, { inserted: 2, rejected: 0 });
});
