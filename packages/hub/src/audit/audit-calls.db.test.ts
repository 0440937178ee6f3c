import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { whyNotProven } from '@mcpvault/domain/audit/proof';
import { verifyExport } from '@mcpvault/domain/audit/verify-export';
import type { MessageId, OrganizationId } from '@mcpvault/domain/ids';
import type { Permission } from '@mcpvault/domain/identity/permission';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { encodeRecord } from '@mcpvault/domain/record/record-line';
import { letGoOfAuditEntries } from '@mcpvault/store/audit/audit-retention';
import { createIngest } from '@mcpvault/store/record-ingest';
import { packLines, unpackLines } from '@mcpvault/store/audit/packed-lines';
import type { Actor } from '../actor.ts';
import { createTestHub, type TestHub } from '../testing/test-hub.ts';
import { createAuditRules } from './audit-rules.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

interface World {
  readonly organization: OrganizationId;
  readonly admin: Actor;
  readonly messages: readonly MessageId[];
}

/** An organization whose log has an entry for a team, then one that stands for so many calls, then one for a team. */
async function world(count = 4): Promise<World> {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  await hub.execute('createTeam', { name: 'before' }, admin);
  const messages = await record(organization, admin, count);
  await hub.execute('createTeam', { name: 'after' }, admin);
  return { organization, admin, messages };
}

async function record(organization: OrganizationId, by: Actor, count: number): Promise<readonly MessageId[]> {
  const { ids, clock } = hub.ambient;
  const block = ids.next('blk');
  const records = Array.from(
    { length: count },
    (_, at): MessageRecord => ({
      ...{ id: ids.next('msg'), organization, at: clock.now(), member: by.caller?.member ?? 'mem_none', token: null },
      ...{ conversation: null, client: 'test/1', endpoint: 'files', server: 'srv_1', serverName: 'files' },
      ...{ direction: 'call', method: 'tools/call', target: `tool${at}`, protocol: null, outcome: 'answered' },
      ...{ code: null, reason: null, durationUs: 10, upstreamUs: 5, request: { offset: 0, length: 2 }, response: null },
      ...{ requestEdits: [], responseEdits: [], requestFindings: [], responseFindings: [] },
      ...{ role: 'admin', actedBy: null, parameters: '{"path":"text 4"}', trace: null, judged: null, secrets: null },
    }),
  );
  const lines = Buffer.from(records.map((each) => encodeRecord(each, block)).join(''));
  const { key, sealed } = hub.keyring.seal(organization, block, Buffer.from('{}'));
  const sealedBlock = { id: block, organization, key, sealed, records: lines, count };
  const batch = { journal: ids.next('jrn'), blocks: [{ position: 1, at: clock.now(), block: sealedBlock }] };
  const ingest = createIngest(hub.database, hub.ambient);
  await Promise.all([ingest(batch), ingest(batch)]);
  return records.map(({ id }) => id);
}

async function behindTheTriggers(statement: string): Promise<void> {
  const client = await hub.database.pool.connect();
  try {
    await client.query("set session_replication_role = 'replica'");
    await client.query(statement);
  } finally {
    await client.query("set session_replication_role = 'origin'");
    client.release();
  }
}

test('what came from the journal is in the log once, in one entry, and each call is listed as the journal had it', async () => {
  const { admin, messages } = await world(3);
  const { items, next } = await hub.execute('listAuditCalls', {}, admin);
  assert.deepEqual(
    items.map(({ message, sequence, index, target, parameters }) => [message, sequence, index, target, parameters]),
    [2, 1, 0].map((index) => [messages[index], 1, index, `tool${index}`, '{"path":"text 4"}']),
  );
  assert.equal(next, null);
  const first = await hub.execute('listAuditCalls', { limit: 2 }, admin);
  const rest = await hub.execute('listAuditCalls', { limit: 2, cursor: first.next ?? '' }, admin);
  assert.deepEqual([...first.items, ...rest.items], items);
  assert.equal((await hub.execute('listAuditCalls', { target: 'tool1' }, admin)).items.length, 1);
  assert.equal((await hub.execute('listAuditCalls', { server: 'other' }, admin)).items.length, 0);
  await assert.rejects(hub.execute('listAuditCalls', { cursor: 'x' }, admin), { code: 'invalid_params' });
  const { items: entries } = await hub.execute('listAudit', { action: 'messages.record' }, admin);
  assert.deepEqual([entries.length, entries[0]?.detail['calls']], [1, 3]);
  const checked = await hub.execute('verifyAudit', {}, admin);
  assert.deepEqual([checked.intact, checked.entries, checked.calls], [true, 3, 3]);
});

test('a call is proven to somebody who has only the proof and the key, and not to another organization', async () => {
  const [ours, theirs] = [await world(5), await world(1)];
  const keys = await hub.auditLog.keys();
  for (const id of ours.messages) {
    assert.equal(whyNotProven(await hub.execute('proveAudited', { id }, ours.admin), keys), null);
  }
  const [id] = theirs.messages;
  assert.ok(id);
  await assert.rejects(hub.execute('proveAudited', { id }, ours.admin), { code: 'not_found' });
});

test('calls that somebody changes, drops, exchanges, cuts off, adds or moves in the database are found and named', async () => {
  const found = async (change: (lines: string[], leaves: Buffer[]) => void): Promise<unknown[]> => {
    const { organization, admin, messages } = await world();
    const where = `where organization = '${organization}'`;
    const { rows } = await hub.database.pool.query<{ lines: Buffer; leaves: Buffer }>(
      `select lines, leaves from audit_calls ${where}`,
    );
    const [row] = rows;
    assert.ok(row);
    const lines = [...unpackLines(row.lines)];
    const leaves = lines.map((_, at) => row.leaves.subarray(at * 32, at * 32 + 32));
    change(lines, leaves);
    const hex = (bytes: Buffer): string => `decode('${bytes.toString('hex')}', 'hex')`;
    const changed = packLines(lines.map((line) => Buffer.from(`${line}\n`)));
    await behindTheTriggers(
      `update audit_calls set lines = ${hex(changed)}, leaves = ${hex(Buffer.concat(leaves))} ${where}`,
    );
    const { intact, problem } = await hub.execute('verifyAudit', {}, admin);
    return [intact, problem?.sequence, messages.indexOf(problem?.message as MessageId)];
  };
  const change = (lines: string[], at: number): void => {
    lines[at] = lines[at]?.replace('tool', 'other') ?? '';
  };
  assert.deepEqual(await found((lines) => change(lines, 2)), [false, 1, 2]);
  assert.deepEqual(await found((lines) => lines.splice(1, 1)), [false, 1, 2]);
  assert.deepEqual(await found((lines) => lines.reverse()), [false, 1, 3]);
  const missing = await found((lines, leaves) => {
    lines.pop();
    leaves.pop();
  });
  assert.deepEqual(missing, [false, 1, -1]);
  const added = await found((lines, leaves) => {
    lines.push(lines[0] ?? '');
    leaves.push(leaves[0] ?? Buffer.alloc(32));
  });
  assert.deepEqual(added, [false, 1, 0]);
  assert.deepEqual((await found((lines) => lines.splice(0, 4, 'nonsense'))).slice(0, 2), [false, 1]);

  const { organization, admin } = await world();
  await behindTheTriggers(`update audit_calls set sequence = 2 where organization = '${organization}'`);
  const moved = await hub.execute('verifyAudit', {}, admin);
  assert.deepEqual([moved.intact, moved.problem?.sequence], [false, 1]);
  const dropped = await world();
  await behindTheTriggers(`delete from audit_calls where organization = '${dropped.organization}'`);
  const { problem } = await hub.execute('verifyAudit', {}, dropped.admin);
  assert.match(problem?.why ?? '', /calls 0 to 3 of entry 1 are missing/);
});

test('the database refuses to change, delete or truncate calls', async () => {
  const { organization } = await world();
  const attempts = [
    `update audit_calls set calls = 9 where organization = '${organization}'`,
    `delete from audit_calls where organization = '${organization}'`,
    'truncate audit_calls',
  ];
  for (const attempt of attempts) {
    await assert.rejects(hub.database.pool.query(attempt), /audit entries are never changed/);
  }
});

test('calls go with their entry when it is too old, whose hash stays', async () => {
  const { organization, admin } = await world();
  const gone = await letGoOfAuditEntries(hub.database.kysely, organization, hub.ambient.clock.now() + 1, 2);
  assert.deepEqual(gone, { entries: 2, first: 0, last: 1 });
  const checked = await hub.execute('verifyAudit', {}, admin);
  assert.deepEqual([checked.intact, checked.removed, checked.entries, checked.calls], [true, 2, 1, 0]);
  assert.deepEqual((await hub.execute('listAuditCalls', {}, admin)).items, []);
});

test('an export with calls comes page by page, each page with whole entries', async () => {
  const { admin } = await world(30);
  const { header, from, to, closing } = await hub.execute('exportAudit', { calls: true }, admin);
  const lines: unknown[] = [header];
  for (let next: number | null = from; next !== null; ) {
    const page: { items: unknown[]; next: number | null } = await hub.execute(
      'readAuditLog',
      { from: next, to, limit: 1, calls: 'true' },
      admin,
    );
    lines.push(...page.items);
    next = page.next;
  }
  const texts = [...lines, closing].map((line) => JSON.stringify(line));
  const { problem, calls } = await verifyExport(texts, await hub.auditLog.keys());
  assert.deepEqual([problem, calls], [null, 30]);
});

/** A member whose role has these permissions. */
async function memberWith(organization: OrganizationId, admin: Actor, permissions: Permission[]): Promise<Actor> {
  const member = await hub.addMember(organization, 'member');
  const { id } = await hub.execute('createRole', { name: permissions.join(' '), permissions }, admin);
  const caller = member.caller;
  assert.ok(caller);
  return {
    ...member,
    caller: { ...caller, role: id as `role_${string}`, permissions: new Set(['anyone', 'self', ...permissions]) },
  };
}

test('who reads the audit log reads no message, and who reads messages reads no audit log', async () => {
  const { organization, admin, messages } = await world(1);
  const id = messages[0] ?? 'msg_none';
  const auditor = await hub.addMember(organization, 'auditor');
  const reader = await memberWith(organization, admin, [
    'messages:read',
    'messages:read-any',
    'messages:read-original',
  ]);
  const audits = {
    listAudit: {},
    listAuditCalls: {},
    readAuditLog: { from: 0, to: 9, calls: 'true' },
    exportAudit: { calls: true },
    verifyAudit: {},
    proveAudited: { id },
    bundleEvidence: {},
    listDestinations: {},
    getAuditRules: {},
  } as const;
  for (const [key, input] of Object.entries(audits) as [keyof typeof audits, never][]) {
    const answer = JSON.stringify(await hub.execute(key, input, auditor));
    assert.ok(answer.length > 2, key);
    await assert.rejects(hub.execute(key, input, reader), { code: 'forbidden' }, key);
  }
  await assert.rejects(hub.execute('listMessages', {}, auditor), { code: 'forbidden' });
  await assert.rejects(hub.execute('getMessage', { id }, auditor), { code: 'forbidden' });
  assert.equal((await hub.execute('getMessage', { id }, reader)).request?.original, '{}');
  const { items } = await hub.execute('listAudit', { subject: id }, auditor);
  assert.deepEqual([items[0]?.action, items[0]?.detail['originals']], ['messages.get', true]);
  const refused = await hub.execute('listAudit', { actor: auditor.caller?.member }, admin);
  assert.deepEqual(
    refused.items.filter(({ outcome }) => outcome === 'refused').map(({ action, detail }) => [action, detail['role']]),
    [
      ['messages.get', 'auditor'],
      ['messages.list', 'auditor'],
    ],
  );
});

test('an organization chooses whether calls may pass unrecorded, and every hub knows at the next call', async () => {
  const { organization, admin } = await world(0);
  const rules = createAuditRules(hub.stores, 'required');
  await rules.load();
  assert.equal(rules.modeOf(organization), 'required');
  const told = hub.changes.subscribe(rules);
  await hub.execute('updateAuditRules', { mode: 'best-effort' }, admin);
  assert.equal(rules.modeOf(organization), 'best-effort');
  const chosen = await hub.execute('getAuditRules', {}, admin);
  assert.deepEqual([chosen.mode, chosen.chosen, chosen.lost], ['best-effort', true, 0]);
  await hub.execute('updateAuditRules', { mode: null }, admin);
  assert.equal(rules.modeOf(organization), 'required');
  told();
  await hub.stores.settings.set(organization, 'audit', { mode: 'whatever' }, 1);
  await rules.load();
  assert.equal(rules.modeOf(organization), 'required', 'in doubt nothing passes unrecorded');
});
