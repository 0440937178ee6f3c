import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { MessageId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { encodeRecord } from '@mcpvault/domain/record/record-line';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { listMessages, type MessageQuery, oneMessage } from './messages-view.ts';
import { overview } from './overview-view.ts';
import { createIngest } from './record-ingest.ts';
import { createStores } from './stores.ts';
import { createSample, type Sample } from './testing/sample.ts';
import { openTestDatabase, testAmbient } from './testing/test-database.ts';

const database = await openTestDatabase();
const stores = createStores(database.kysely);
const ambient = testAmbient();
const { ids } = ambient;
const hour = 3_600_000;
const now = Date.UTC(2026, 5, 1, 12, 30);
let sample: Sample;
let other: Sample;
const recorded = new Map<string, MessageId>();

before(async () => {
  sample = await createSample(stores, 'viewing');
  other = await createSample(stores, 'elsewhere');
  const ours = { server: sample.server, serverName: 'files', member: sample.member };
  await record('read', { ...ours, at: now - 5, target: 'read' });
  await record('write', { ...ours, at: now - 4, target: 'write', member: sample.admin, outcome: 'tool_error' });
  await record('redacted', {
    ...ours,
    at: now - 3,
    target: 'read',
    requestEdits: [edit(sample.policy)],
    upstreamUs: null,
  });
  await record('listed', { ...ours, at: now - 2, method: 'tools/list', target: null, requestEdits: [edit(null)] });
  await record('refused', {
    ...ours,
    at: now - 1,
    target: 'read_100%',
    outcome: 'refused',
    code: 'forbidden',
    server: null,
    serverName: null,
  });
  await record('yesterday', { ...ours, at: now - 25 * hour, target: 'read', outcome: 'failed' });
  await record('theirs', {
    ...ours,
    at: now,
    target: 'read',
    organization: other.organization,
    server: other.server,
    member: other.member,
  });
});

function edit(policy: Edit['policy']): Edit {
  return { start: 1, end: 5, replacement: '…', layer: 'hub', policy, reason: 'secrets stay inside', detector: null };
}

async function record(name: string, changes: Partial<MessageRecord>): Promise<void> {
  const message: MessageRecord = {
    id: ids.next('msg'),
    organization: sample.organization,
    at: now,
    member: sample.member,
    token: sample.token,
    conversation: 'con_1',
    client: 'cursor/1.2',
    endpoint: null,
    server: null,
    serverName: null,
    direction: 'call',
    method: 'tools/call',
    target: null,
    protocol: '2025-11-25',
    outcome: 'answered',
    code: null,
    reason: null,
    durationUs: 1000,
    upstreamUs: 500,
    request: { offset: 0, length: 100 },
    response: null,
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
  recorded.set(name, message.id);
  const { organization } = message;
  const id = ids.next('blk');
  const records = Buffer.from(encodeRecord(message, id));
  const block = { id, organization, key: 'key_1', sealed: Buffer.from(name), records, count: 1 };
  await createIngest(database, ambient)({ journal: name, blocks: [{ position: 0, at: message.at, block }] });
}

async function names(query: MessageQuery): Promise<(string | undefined)[]> {
  const { items } = await listMessages(database.kysely, sample.organization, query);
  return items.map(({ id }) => [...recorded].find(([, known]) => known === id)?.[0]);
}

test('messages are listed newest first, and only the organization’s own', async () => {
  assert.deepEqual(await names({}), ['refused', 'listed', 'redacted', 'write', 'read', 'yesterday']);
});

test('every filter narrows, and they narrow together', async () => {
  const expected: readonly (readonly [MessageQuery, readonly string[]])[] = [
    [{ server: sample.server }, ['listed', 'redacted', 'write', 'read', 'yesterday']],
    [{ server: 'files' }, ['listed', 'redacted', 'write', 'read', 'yesterday']],
    [{ server: other.server }, []],
    [{ tool: 'read' }, ['redacted', 'read', 'yesterday']],
    [{ tool: 'rea' }, []],
    [{ member: sample.admin }, ['write']],
    [{ method: 'tools/list' }, ['listed']],
    [{ outcome: 'tool_error' }, ['write']],
    [{ trouble: true }, ['write', 'yesterday']],
    [{ trouble: false }, ['refused', 'listed', 'redacted', 'read']],
    [{ redacted: true }, ['redacted']],
    [{ redacted: false, from: now - 4 }, ['refused', 'listed', 'write']],
    [{ from: now - 4, to: now - 2 }, ['redacted', 'write']],
    [{ q: 'WRIT' }, ['write']],
    [{ q: 'tools/li' }, ['listed']],
    [{ q: 'admin@view' }, ['write']],
    [{ q: '100%' }, ['refused']],
    [{ q: '%' }, ['refused']],
    [{ q: 'file', tool: 'read', member: sample.member, from: now - hour }, ['redacted', 'read']],
  ];
  for (const [query, found] of expected) assert.deepEqual(await names(query), found, JSON.stringify(query));
});

test('pages of the list are cut between messages of the same moment', async () => {
  const shown: (string | undefined)[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await listMessages(database.kysely, sample.organization, { limit: 2, cursor });
    shown.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  }
  assert.equal(new Set(shown).size, 6);
});

test('a line names the member, also after they were removed', async () => {
  const leaving = await createSample(stores, 'goodbye');
  await record('last', { organization: leaving.organization, member: leaving.member });
  await stores.members.remove(leaving.organization, leaving.member, now);
  const { items } = await listMessages(database.kysely, leaving.organization, {});
  assert.deepEqual(items[0]?.member, { id: leaving.member, email: 'mo@goodbye.test', name: 'Mo' });
  assert.deepEqual([items[0]?.requestBytes, items[0]?.responseBytes], [100, null]);
});

test('one message comes with its sealed block and the names of its policies, and not to another organization', async () => {
  const id = recorded.get('redacted') ?? 'msg_';
  await stores.policies.remove(sample.organization, sample.policy, now);
  const detail = await oneMessage(database.kysely, sample.organization, id);
  assert.deepEqual(detail?.block?.sealed, Buffer.from('redacted'));
  assert.deepEqual([...(detail?.policies ?? [])], [[sample.policy, 'Secrets']]);
  assert.equal(detail?.record.upstreamUs, null);
  assert.equal(await oneMessage(database.kysely, other.organization, id), null);
});

test('a message whose originals were let go is still there', async () => {
  const id = recorded.get('read') ?? 'msg_';
  await database.pool.query('delete from message_blocks where sealed = $1', [Buffer.from('read')]);
  const detail = await oneMessage(database.kysely, sample.organization, id);
  assert.equal(detail?.block, null);
  assert.equal(detail?.record.target, 'read');
});

test('the overview counts the last day, the busiest servers and each hour', async () => {
  const view = await overview(database.kysely, sample.organization, now);
  assert.deepEqual(view.lastDay, { messages: 5, refused: 1, failed: 1, redactions: 1 });
  assert.deepEqual(view.topServers, [{ id: sample.server, name: 'files', messages: 4, failed: 1 }]);
  assert.equal(view.hourly.length, 25);
  assert.deepEqual(view.hourly.at(-1), { at: Date.UTC(2026, 5, 1, 12), messages: 5, failed: 1 });
  assert.deepEqual(view.hourly[0], { at: Date.UTC(2026, 4, 31, 12), messages: 0, failed: 0 });
  assert.deepEqual(view.tokens, { active: 1, everUsed: 0 });
});

test('the first steps are ticked by what happened', async () => {
  const fresh = await createSample(stores, 'beginning');
  const { organization, server, member } = fresh;
  const steps = async () => (await overview(database.kysely, organization, now)).firstSteps;
  assert.deepEqual(await steps(), {
    serverReady: false,
    clientConnected: false,
    callMade: false,
    redactionSeen: false,
  });
  await stores.servers.setStatus(organization, server, { status: 'ready', reason: null, fix: null, checkedAt: now });
  assert.equal((await steps()).serverReady, true);
  await record('hello', { organization, member, method: 'initialize' });
  assert.deepEqual([(await steps()).clientConnected, (await steps()).callMade], [true, false]);
  await record('call', { organization, member, responseEdits: [edit(fresh.policy)] });
  assert.deepEqual(await steps(), { serverReady: true, clientConnected: true, callMade: true, redactionSeen: true });
});

test('a member’s overview counts what is the member’s own', async () => {
  const view = await overview(database.kysely, sample.organization, now, { member: sample.admin, servers: [] });
  assert.deepEqual(view.lastDay, { messages: 1, refused: 0, failed: 1, redactions: 0 });
  assert.deepEqual(view.servers, { ready: 0, unavailable: 0, total: 0 });
  assert.deepEqual(view.tokens, { active: 0, everUsed: 0 });
});
