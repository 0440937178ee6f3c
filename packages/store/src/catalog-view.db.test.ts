import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { unconditional } from '@mcpvault/domain/identity/access';
import { loadOrganization } from './catalog-view.ts';
import { createStores, transaction } from './stores.ts';
import { createSample, type Sample } from './testing/sample.ts';
import { openTestDatabase } from './testing/test-database.ts';

const database = await openTestDatabase();
const stores = createStores(database.kysely);
let sample: Sample;

before(async () => {
  await createSample(stores, 'other');
  sample = await createSample(stores, 'catalog');
});

test('everything the message path needs of an organization comes at once, and nothing of others', async () => {
  const { organization, admin, member, team, server, version, grant, policy } = sample;
  await stores.members.update(organization, admin, { disabledAt: 5 });
  const snapshot = await loadOrganization(database.kysely, organization);
  assert.deepEqual(snapshot?.organization, { id: organization, name: 'catalog' });
  const members = snapshot?.members.map(({ id, role, disabled, teams }) => ({ id, role, disabled, teams }));
  assert.deepEqual(
    members?.toSorted((a, b) => a.role.localeCompare(b.role)),
    [
      { id: admin, role: 'admin', disabled: true, teams: [] },
      { id: member, role: 'member', disabled: false, teams: [team] },
    ],
  );
  const [only] = snapshot?.servers ?? [];
  assert.equal(snapshot?.servers.length, 1);
  assert.deepEqual([only?.id, only?.version, only?.isolation, only?.enabled], [server, version, 'per-session', true]);
  assert.deepEqual(only?.definition.sealed, Buffer.from('sealed'));
  assert.deepEqual(snapshot?.grants, [
    { ...unconditional, id: grant, subject: { type: 'team', id: team }, server, tools: ['read'] },
  ]);
  assert.deepEqual(
    snapshot?.policies.map(({ id, actions }) => [id, actions]),
    [[policy, [{ type: 'redact', style: 'label' }]]],
  );
});

test('servers that wait for approval or are retired are not among them', async () => {
  const { organization, server } = await createSample(stores, 'waiting');
  const [held] = await stores.servers.versions(organization, server);
  assert.ok(held);
  await stores.servers.create(
    { id: 'srv_waiting', organization, name: 'waiting', enabled: true, createdBy: null, createdAt: 1 },
    { ...held, id: 'ver_waiting', approvedBy: null, approvedAt: null },
  );
  await stores.servers.retire(organization, server, 9);
  assert.deepEqual((await loadOrganization(database.kysely, organization))?.servers, []);
  await stores.servers.approve(organization, 'ver_waiting', sample.admin, 10);
  assert.deepEqual(
    (await loadOrganization(database.kysely, organization))?.servers.map(({ id }) => id),
    ['srv_waiting'],
  );
});

test('it can be read inside a transaction, with what that has changed', async () => {
  const { organization } = await createSample(stores, 'inside');
  const name = await transaction(database, async (own) => {
    await own.organizations.rename(organization, 'renamed');
    return (await loadOrganization(own.executor, organization))?.organization.name;
  });
  assert.equal(name, 'renamed');
});

test('an organization that does not exist is none', async () => {
  assert.equal(await loadOrganization(database.kysely, 'org_none'), null);
});
