import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { createStores } from '../stores.ts';
import { openStoresUnderTest } from '../testing/stores-under-test.ts';
import { wallsStand } from './raise-walls.ts';
import { createWalledStores, organizationIn, walled } from './walled-stores.ts';

const { database, ours, theirs } = await openStoresUnderTest();

async function membersSeen(organization: OrganizationId): Promise<readonly string[]> {
  const { rows } = await sql<{ organization: string }>`select distinct organization from members`.execute(
    database.boundTo(organization),
  );
  return rows.map((row) => row.organization);
}

test('the wall stands', async () => {
  assert.equal(await wallsStand(database.kysely), true);
});

test('a query without any condition sees one organization, also on a connection that another one had before', async () => {
  for (let round = 0; round < 3; round++) {
    for (const { organization } of [ours, theirs]) assert.deepEqual(await membersSeen(organization), [organization]);
  }
  const many = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? ours : theirs).organization);
  const seen = await Promise.all(many.map(membersSeen));
  assert.deepEqual(
    seen,
    many.map((organization) => [organization]),
  );
});

test('the wall holds behind a query that failed, and in a transaction that was undone', async () => {
  const bound = database.boundTo(ours.organization);
  await assert.rejects(sql`select 1/0`.execute(bound));
  await assert.rejects(
    bound.transaction().execute(async (executor) => {
      await sql`update teams set organization = ${theirs.organization}`.execute(executor);
    }),
  );
  assert.deepEqual(await membersSeen(ours.organization), [ours.organization]);
  const { rows } = await sql<{ role: string }>`select current_user as role`.execute(bound);
  assert.equal(rows[0]?.role, 'mcpvault_bound');
});

test('the connections of the hub’s own work are never within an organization', async () => {
  await Promise.all([membersSeen(ours.organization), membersSeen(theirs.organization)]);
  const { rows } = await sql<{ role: string; organization: string | null }>`
    select current_user as role, current_setting('mcpvault.organization', true) as organization`.execute(
    database.kysely,
  );
  assert.notEqual(rows[0]?.role, 'mcpvault_bound');
  assert.equal(rows[0]?.organization || null, null);
});

test('what names its organization first is asked within it, and the rest of the hub as a whole', async () => {
  const made = walled(
    { kysely: 'own' as never, boundTo: (organization) => organization as never },
    (executor): { area: { ask(first: unknown): unknown; other(): unknown }; ask(first: unknown): unknown } => ({
      area: { ask: () => executor, other: () => executor },
      ask: () => executor,
    }),
  );
  assert.equal(made.area.ask('org_1'), 'org_1');
  assert.equal(made.area.ask({ organization: 'org_2', id: 'x' }), 'org_2');
  assert.equal(made.ask('org_3'), 'org_3');
  for (const first of [undefined, null, 'srv_1', Buffer.from('org_1'), { organization: null }, new Map(), [{}]]) {
    assert.equal(made.area.ask(first), 'own');
  }
  assert.equal(made.area.other(), 'own');
  assert.equal(organizationIn({ organization: 'mem_1' }), null);
});

test('stores answer as before, each for its own organization', async () => {
  const [plain, behind] = [createStores(database.kysely), createWalledStores(database)];
  for (const { organization, admin } of [ours, theirs]) {
    assert.deepEqual(await behind.members.byId(organization, admin), await plain.members.byId(organization, admin));
    assert.deepEqual(await behind.servers.list(organization, {}), await plain.servers.list(organization, {}));
  }
  assert.deepEqual(await behind.organizations.all(), await plain.organizations.all());
  assert.equal(await behind.members.byId(ours.organization, theirs.admin), null);
});
