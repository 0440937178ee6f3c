import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ExportLine } from '@mcpvault/domain/audit/export-lines';
import { rootFromInclusion } from '@mcpvault/domain/audit/merkle';
import { verifyExport } from '@mcpvault/domain/audit/verify-export';
import type { Actor } from '../actor.ts';
import { createTestHub, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

/** An organization whose log has some entries. */
async function world(): Promise<Actor & { readonly organization: `org_${string}` }> {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  for (let index = 0; index < 7; index += 1) await hub.execute('createTeam', { name: `team ${index}` }, admin);
  return { ...admin, organization };
}

async function exported(admin: Actor, input: { from?: string; to?: string } = {}, limit = 3): Promise<string[]> {
  const { header, from, to, closing } = await hub.execute('exportAudit', input, admin);
  const lines: ExportLine[] = [header];
  for (let next: number | null = from; next !== null; ) {
    const page: { items: ExportLine[]; next: number | null } = await hub.execute(
      'readAuditLog',
      { from: next, to, limit },
      admin,
    );
    lines.push(...page.items);
    next = page.next;
  }
  return [...lines, closing].map((line) => JSON.stringify(line));
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

test('an export read page by page is intact with the published keys, and says of itself that it was made', async () => {
  const admin = await world();
  await hub.auditLog.sign();
  await hub.execute('createTeam', { name: 'later' }, admin);
  const { items: keys } = await hub.execute('listAuditKeys', {}, { ...admin, caller: null });
  const lines = await exported(admin);
  const verified = await verifyExport(lines, keys);
  assert.deepEqual([verified.problem, verified.entries, verified.removed], [null, 8, 0]);
  assert.equal(lines.filter((line) => line.includes('"checkpoint"')).length, 2);
  const { items } = await hub.execute('listAudit', { action: 'audit.export' }, admin);
  assert.deepEqual([items.length, items[0]?.sequence, items[0]?.detail['entries']], [1, 8, 8]);
});

test('an export of a time holds the entries of that time', async () => {
  const admin = await world();
  const { clock } = hub.ambient;
  clock.time += 60_000;
  const from = new Date(clock.time).toISOString();
  await hub.execute('createTeam', { name: 'within' }, admin);
  clock.time += 60_000;
  const to = new Date(clock.time).toISOString();
  await hub.execute('createTeam', { name: 'after' }, admin);
  const lines = await exported(admin, { from, to });
  const verified = await verifyExport(lines, await hub.auditLog.keys());
  assert.deepEqual([verified.problem, verified.from, verified.to, verified.entries], [null, 7, 8, 1]);
  const nothing = await exported(admin, { from: new Date(clock.time + 1e6).toISOString() });
  assert.equal((await verifyExport(nothing, await hub.auditLog.keys())).entries, 0);
});

test('a log that nobody touched is in order, also while it grows', async () => {
  const admin = await world();
  const growing = Promise.all(Array.from({ length: 8 }, (_, n) => hub.execute('createTeam', { name: `x${n}` }, admin)));
  const first = await hub.execute('verifyAudit', {}, admin);
  await growing;
  await hub.auditLog.sign();
  const second = await hub.execute('verifyAudit', {}, admin);
  assert.deepEqual([first.intact, second.intact, second.entries, second.signed?.size], [true, true, 15, 15]);
  assert.deepEqual([first.anchoredAt, typeof second.anchoredAt], [null, 'string']);
});

test('what somebody changes in the database is found and named, even where all hashes were made anew or the end was cut off', async () => {
  const found = async (statement: (organization: string) => string, signed: boolean) => {
    const admin = await world();
    if (signed) await hub.auditLog.sign();
    await behindTheTriggers(statement(admin.organization));
    const { intact, problem } = await hub.execute('verifyAudit', {}, admin);
    return [intact, problem?.sequence, problem?.why];
  };
  const where = (organization: string) => `where organization = '${organization}'`;
  const [intact, sequence, why] = await found(
    (of) => `update audit_entries set action = 'x' ${where(of)} and sequence = 2`,
    false,
  );
  assert.deepEqual([intact, sequence, why], [false, 2, 'what this entry says is not what was written']);
  const cutOff = (of: string) => `
    delete from audit_entries ${where(of)} and sequence >= 4;
    delete from audit_nodes ${where(of)} and (index + 1) * (2 ^ level) > 4;
    delete from audit_checkpoints ${where(of)};
    update audit_heads set size = 4, chain = (select chain from audit_entries ${where(of)} and sequence = 3),
      peaks = (select hash from audit_nodes ${where(of)} and level = 2 and index = 0) ${where(of)}`;
  assert.deepEqual(await found(cutOff, true), [false, 4, 'entries 4 to 6 are missing']);
  assert.deepEqual(
    (await found((of) => `update audit_heads set chain = decode(repeat('00', 32), 'hex') ${where(of)}`, true))[0],
    false,
  );
});

test('an entry is proven to somebody who has only the proof and the key', async () => {
  const admin = await world();
  const { items } = await hub.execute('listAudit', { limit: 3 }, admin);
  const entry = items[2];
  assert.ok(entry);
  const { leaf, sequence, path, checkpoint } = await hub.execute('proveAuditEntry', { id: entry.id }, admin);
  const root = rootFromInclusion(
    Buffer.from(leaf, 'hex'),
    sequence,
    checkpoint.size,
    path.map((hash) => Buffer.from(hash, 'hex')),
  );
  assert.equal(root?.toString('hex'), checkpoint.root);
  await assert.rejects(hub.execute('proveAuditEntry', { id: 'aud_none' }, admin), /no such audit entry/);
});

test('nothing of another organization is read, proven or exported', async () => {
  const [ours, theirs] = [await world(), await world()];
  const { items } = await hub.execute('listAudit', {}, theirs);
  await assert.rejects(hub.execute('proveAuditEntry', { id: items[0]?.id ?? 'aud_none' }, ours), /no such audit entry/);
  const read = await hub.execute('readAuditLog', { from: 0, to: 100 }, ours);
  assert.equal(JSON.stringify([read, await exported(ours)]).includes(theirs.organization), false);
});

test('a new key signs from now on, and what the old one signed stays good', async () => {
  const admin = await world();
  await hub.auditLog.sign();
  const fresh = await hub.execute('rotateAuditKey', {}, admin);
  await hub.auditLog.sign();
  const checked = await hub.execute('verifyAudit', {}, admin);
  assert.deepEqual([checked.intact, checked.signed?.key], [true, fresh.id]);
  const { items } = await hub.execute('listAuditKeys', {}, admin);
  assert.deepEqual(
    items.filter(({ until }) => until === null).map(({ id }) => id),
    [fresh.id],
  );
});
