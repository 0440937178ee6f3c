import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unconditional } from '@mcpvault/domain/identity/access';
import { transaction } from './stores.ts';
import { createSample } from './testing/sample.ts';
import { fails, openStoresUnderTest } from './testing/stores-under-test.ts';

const { database, ours, stores, unique, versionOf } = await openStoresUnderTest();

test('names of servers and teams are taken once per organization, a retired server’s is free', async () => {
  const { organization, server } = ours;
  const version = await versionOf(ours);
  const another = { organization, name: 'files', enabled: true, createdBy: null, createdAt: 2000 };
  await assert.rejects(
    stores.servers.create({ ...another, id: 'srv_again' }, { ...version, id: 'ver_again' }),
    fails('conflict', /server of this name/),
  );
  await assert.rejects(
    stores.teams.create({ id: 'team_again', organization, name: 'Core', createdAt: 1 }),
    fails('conflict', /team of this name/),
  );
  await stores.servers.create({ ...another, id: 'srv_other', name: 'other' }, { ...version, id: 'ver_other' });
  await assert.rejects(
    stores.servers.update(organization, 'srv_other', { name: 'files' }, 3000),
    fails('conflict', /server of this name/),
  );
  await stores.servers.retire(organization, 'srv_other', 4000);
  assert.equal(await stores.servers.byName(organization, 'other'), null);
  assert.equal((await stores.servers.byId(organization, 'srv_other'))?.retiredAt, 4000);
  await stores.servers.create({ ...another, id: 'srv_third', name: 'other' }, { ...version, id: 'ver_third' });
  assert.equal((await stores.servers.byName(organization, 'other'))?.id, 'srv_third');
  await stores.servers.retire(organization, 'srv_third', 4000);
  assert.equal((await stores.servers.byName(organization, 'files'))?.id, server);
});

test('versions count up, only approved ones become current, and two at once get different numbers', async () => {
  const { organization, server, admin, version: first } = await createSample(stores, unique('versions'));
  const draft = { ...(await versionOf({ organization, version: first })), createdAt: 10 };
  const waiting = { ...draft, id: 'ver_waiting' as const, approvedBy: null, approvedAt: null };
  assert.equal(await stores.servers.createVersion(organization, server, waiting), 2);
  assert.equal((await stores.servers.byId(organization, server))?.current?.id, first);
  assert.equal(await stores.servers.approve(organization, 'ver_waiting', admin, 20), true);
  assert.equal(await stores.servers.approve(organization, 'ver_waiting', admin, 20), false);
  assert.deepEqual((await stores.servers.byId(organization, server))?.current?.number, 2);
  const numbers = await Promise.all(
    (['ver_a', 'ver_b'] as const).map((id) =>
      transaction(database, (own) => own.servers.createVersion(organization, server, { ...draft, id })),
    ),
  );
  assert.deepEqual(numbers.toSorted(), [3, 4]);
  assert.deepEqual(
    (await stores.servers.versions(organization, server)).map(({ number }) => number),
    [4, 3, 2, 1],
  );
  assert.deepEqual((await stores.servers.version(organization, 'ver_a'))?.definition.sealed, Buffer.from('sealed'));
});

test('a listing keeps the order of tools and of the keys of their definitions, however large', async () => {
  const { organization, server, version } = await createSample(stores, unique('tools'));
  const tools = Array.from({ length: 3000 }, (_, index) => ({
    name: `tool-${index}`,
    definition: { zeta: 'quote " brace } comma , \\ ü', alpha: { b: 1, a: [1, 2] }, name: `tool-${index}` },
  }));
  await stores.servers.replaceTools(organization, server, { version, listedAt: 500, tools });
  const listed = await stores.servers.tools(organization, server);
  assert.deepEqual(listed, { version, listedAt: 500, tools });
  assert.equal(JSON.stringify(listed?.tools[7]?.definition), JSON.stringify(tools[7]?.definition));
  assert.equal((await stores.servers.byId(organization, server))?.tools, 3000);
  await stores.servers.replaceTools(organization, server, { version, listedAt: 600, tools: [] });
  assert.deepEqual((await stores.servers.tools(organization, server))?.tools, []);
});

test('grants are listed by server and member, with names a person knows', async () => {
  const { organization, server, member, grant } = await createSample(stores, unique('grants'));
  const more = { ...unconditional, organization, server, createdBy: null };
  await stores.grants.create({
    ...more,
    id: 'grt_role',
    subject: { type: 'role', id: 'member' },
    expiresAt: 99,
    createdAt: 1,
  });
  await stores.grants.create({
    ...more,
    id: 'grt_me',
    subject: { type: 'member', id: member },
    createdAt: 2,
  });
  const all = (await stores.grants.list(organization, { server })).items;
  const labels = all.map(({ id, subjectLabel, serverName, tools, expiresAt }) => [
    id,
    subjectLabel.split('@')[0],
    serverName,
    tools,
    expiresAt,
  ]);
  assert.deepEqual(labels, [
    [grant, 'Core', 'files', ['read'], null],
    ['grt_me', 'mo', 'files', null, null],
    ['grt_role', 'member', 'files', null, 99],
  ]);
  assert.deepEqual(
    (await stores.grants.list(organization, { member })).items.map(({ id }) => id),
    ['grt_me'],
  );
  assert.equal(await stores.grants.remove(organization, 'grt_me'), true);
  assert.equal(await stores.grants.remove(organization, 'grt_me'), false);
});

test('policies are replaced whole, and removed ones keep their name for the record', async () => {
  const { organization, policy } = await createSample(stores, unique('policies'));
  const held = await stores.policies.byId(organization, policy);
  assert.ok(held);
  const changed = {
    ...held,
    name: 'Cards',
    mode: 'draft' as const,
    detectors: ['card'],
    actions: [{ type: 'refuse' as const }],
  };
  assert.equal(await stores.policies.update(organization, changed, 8000, null), true);
  assert.deepEqual(await stores.policies.byId(organization, policy), { ...changed, version: 2, updatedAt: 8000 });
  assert.deepEqual(
    (await stores.policies.versions(organization, policy)).map(({ version, name, madeAt }) => [version, name, madeAt]),
    [
      [2, 'Cards', 8000],
      [1, 'Secrets', held.createdAt],
    ],
  );
  assert.equal(await stores.policies.remove(organization, policy, 9000), true);
  assert.equal(await stores.policies.byId(organization, policy), null);
  assert.equal(await stores.policies.update(organization, changed, 9000, null), false);
  assert.deepEqual([...(await stores.policies.names(organization, [policy]))], [[policy, 'Cards']]);
});
