import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { createStores } from '@mcpvault/store/stores';
import { openTestDatabase, testAmbient } from '@mcpvault/store/testing/test-database';
import { quiet } from './testing/quiet.ts';
import { createTestHub } from './testing/test-hub.ts';
import { until } from './testing/until.ts';
import { createUpkeep } from './upkeep.ts';

const day = 86_400_000;
const noKeys = { upkeep: async () => {} };
const nothingLost = { takeLost: () => new Map<OrganizationId, number>() };

test('messages past their time go with their originals, the others stay, and what was used is written down at the end', async (t) => {
  const database = await openTestDatabase();
  const stores = createStores(database.kysely);
  const { clock, ids } = testAmbient();
  await stores.organizations.create({ id: 'org_1', name: 'O', createdAt: 0 });
  const member = { id: 'mem_1', organization: 'org_1', email: 'a@b.c', name: 'A', role: 'admin' } as const;
  await stores.members.create({ ...member, passwordHash: null, createdAt: 0 });
  for (const age of [1, 29, 32, 40]) {
    const at = clock.time - age * day;
    await database.pool.query(
      `insert into messages (id, organization, at, member, direction, method, outcome, duration_us, block,
         request_edits, response_edits, request_findings, response_findings)
       values ($1, 'org_1', $2, 'mem_1', 'call', 'ping', 'answered', 1, $1, '[]', '[]', '[]', '[]')`,
      [`msg_${age}`, at],
    );
    await database.pool.query(`insert into message_blocks values ($1, 'org_1', 'key_1', ''::bytea, $2)`, [
      `msg_${age}`,
      at,
    ]);
  }
  const left = async () => {
    const { rows } = await database.pool.query<{ id: string }>('select id from messages order by at');
    return rows.map((row) => row.id);
  };
  t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const identities = {
    takeUsed: () => ({
      tokens: new Map(),
      members: new Map([['mem_1' as const, clock.time]]),
      connectedClients: new Map(),
    }),
  };
  const auditLog = { sign: async () => {} };
  const lost = new Map<OrganizationId, number>([['org_1', 7]]);
  const journal = { takeLost: () => lost };
  const upkeep = createUpkeep({
    stores,
    executorOf: database.boundTo,
    identities,
    auditLog,
    oauthKeys: noKeys,
    journal,
    clock,
    ids,
    log: quiet,
    retentionDays: 30,
    auditRetentionDays: 0,
  });
  upkeep.start();
  assert.equal((await left()).length, 4);
  t.mock.timers.tick(60_000);
  t.mock.timers.reset();
  await until(async () => (await left()).length === 2);
  assert.deepEqual(await left(), ['msg_29', 'msg_1']);
  await until(async () => (await database.pool.query('select from message_blocks')).rowCount === 2);
  await upkeep.stop();
  assert.equal((await stores.members.byId('org_1', 'mem_1'))?.lastSeenAt, clock.time);
});

test('audit entries past their time leave their hashes and an entry that says so; nothing goes while records are held', async (t) => {
  const hub = await createTestHub();
  t.after(() => hub.stop());
  const { clock, ids } = hub.ambient;
  const world = async () => {
    const organization = await hub.addOrganization();
    const admin = await hub.addMember(organization, 'admin');
    for (const name of ['a', 'b', 'c']) await hub.execute('createTeam', { name }, admin);
    return { organization, admin };
  };
  // Organizations are looked at in the order they were made.
  const held = await world();
  await hub.execute('setLegalHold', { reason: 'case 17' }, held.admin);
  clock.time += 1000;
  const { organization, admin } = await world();
  clock.time += 100 * day;
  const { stores, auditLog } = hub;
  const identities = { takeUsed: () => ({ tokens: new Map(), members: new Map(), connectedClients: new Map() }) };
  const kept = { retentionDays: 30, auditRetentionDays: 90 };
  t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const upkeep = createUpkeep({
    stores,
    executorOf: hub.database.boundTo,
    identities,
    auditLog,
    oauthKeys: noKeys,
    journal: nothingLost,
    clock,
    ids,
    log: quiet,
    ...kept,
  });
  upkeep.start();
  t.mock.timers.tick(60_000);
  t.mock.timers.reset();
  await until(async () => (await auditLog.verify(organization)).entries === 1);
  await upkeep.stop();
  const checked = await auditLog.verify(organization);
  assert.deepEqual([checked.problem, checked.removed], [null, 3]);
  const { items } = await hub.execute('listAudit', {}, admin);
  assert.deepEqual(
    items.map(({ action, actor, detail }) => [action, actor.id, detail]),
    [['audit.retention', 'system', { entries: 3, first: 0, last: 2 }]],
  );
  const untouched = await auditLog.verify(held.organization);
  assert.deepEqual([untouched.removed, untouched.entries], [0, 4]);
});
