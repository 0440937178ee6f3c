import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unconditional } from '@mcpvault/domain/identity/access';
import { listMessages } from './messages-view.ts';
import { fails, openStoresUnderTest } from './testing/stores-under-test.ts';

const { database, newMember, ours, stores, theirs, unique, versionOf } = await openStoresUnderTest();

test('nothing of another organization can be read or changed, whatever id is asked for', async () => {
  const { organization } = ours;
  const at = 5000;
  const version = { ...(await versionOf(theirs)), id: 'ver_new' as const };
  const nothing = {
    member: await stores.members.byId(organization, theirs.member),
    password: await stores.members.passwordHash(organization, theirs.member),
    memberUpdated: await stores.members.update(organization, theirs.member, { role: 'admin' }),
    passwordSet: await stores.members.setPassword(organization, theirs.member, 'x'),
    memberRemoved: await stores.members.remove(organization, theirs.member, at),
    team: await stores.teams.byId(organization, theirs.team),
    teamRenamed: await stores.teams.update(organization, theirs.team, { name: 'x' }),
    teamRemoved: await stores.teams.remove(organization, theirs.team),
    token: await stores.tokens.byId(organization, theirs.token),
    tokenRevoked: await stores.tokens.revoke(organization, theirs.token, at),
    tokensRevoked: (await stores.tokens.revokeAllOf(organization, theirs.member, at)).length > 0,
    server: await stores.servers.byId(organization, theirs.server),
    version: await stores.servers.version(organization, theirs.version),
    versions: (await stores.servers.versions(organization, theirs.server)).length > 0,
    tools: await stores.servers.tools(organization, theirs.server),
    serverUpdated: await stores.servers.update(organization, theirs.server, { enabled: false }, at),
    serverRetired: await stores.servers.retire(organization, theirs.server, at),
    approved: await stores.servers.approve(organization, theirs.version, ours.admin, at),
    grant: await stores.grants.byId(organization, theirs.grant),
    grantRemoved: await stores.grants.remove(organization, theirs.grant),
    policy: await stores.policies.byId(organization, theirs.policy),
    policyName: (await stores.policies.names(organization, [theirs.policy])).size > 0,
    policyRemoved: await stores.policies.remove(organization, theirs.policy, at),
  };
  for (const [what, answer] of Object.entries(nothing)) assert.ok(answer === null || answer === false, what);
  await assert.rejects(
    stores.servers.createVersion(organization, theirs.server, version),
    fails('not_found', /no such server/),
  );
  await stores.servers.setStatus(organization, theirs.server, {
    status: 'unavailable',
    reason: 'x',
    fix: null,
    checkedAt: at,
  });
  assert.equal((await stores.servers.byId(theirs.organization, theirs.server))?.status, 'connecting');
});

test('lists hold only what belongs to the organization', async () => {
  const { organization } = theirs;
  assert.deepEqual(
    new Set((await stores.members.list(organization, {})).items.map(({ id }) => id)),
    new Set([theirs.admin, theirs.member]),
  );
  assert.deepEqual(
    (await stores.teams.list(organization, {})).items.map(({ id }) => id),
    [theirs.team],
  );
  assert.deepEqual(
    (await stores.tokens.list(organization, {})).items.map(({ id }) => id),
    [theirs.token],
  );
  assert.deepEqual((await stores.tokens.list(organization, { member: ours.member })).items, []);
  assert.deepEqual(
    (await stores.servers.list(organization, {})).items.map(({ id }) => id),
    [theirs.server],
  );
  assert.deepEqual((await stores.servers.list(organization, { only: [ours.server] })).items, []);
  assert.deepEqual(
    (await stores.grants.list(organization, {})).items.map(({ id }) => id),
    [theirs.grant],
  );
  assert.deepEqual(
    (await stores.policies.list(organization, {})).items.map(({ id }) => id),
    [theirs.policy],
  );
  assert.deepEqual(
    (await stores.audit.list(organization, {})).items.map(({ subject }) => subject),
    [theirs.server],
  );
  assert.deepEqual((await stores.keys.of(organization)).length, 1);
  assert.deepEqual([...(await stores.settings.all(organization))], [['theme', { dark: true }]]);
  assert.deepEqual((await listMessages(database.kysely, organization, {})).items, []);
});

test('references into another organization are refused by the database itself', async () => {
  const grant = { ...unconditional, organization: ours.organization, createdBy: null, createdAt: 1 };
  const mine = { type: 'member' as const, id: ours.member };
  await assert.rejects(
    stores.grants.create({ ...grant, id: 'grt_x', server: theirs.server, subject: mine }),
    fails('not_found', /no such server/),
  );
  await assert.rejects(
    stores.grants.create({
      ...grant,
      id: 'grt_x',
      server: ours.server,
      subject: { type: 'member', id: theirs.member },
    }),
    fails('not_found', /no such member/),
  );
  await assert.rejects(
    stores.grants.create({ ...grant, id: 'grt_x', server: ours.server, subject: { type: 'team', id: theirs.team } }),
    fails('not_found', /no such team/),
  );
  await assert.rejects(
    stores.teams.setMembers(ours.organization, ours.team, [theirs.member]),
    fails('not_found', /no such member/),
  );
  await stores.teams.setMembers(ours.organization, ours.team, [ours.member]);
});

test('a conflict says nothing of what is stored', async () => {
  const first = newMember(`${unique('secret-name')}@example.test`);
  await stores.members.create(first);
  await assert.rejects(stores.members.create({ ...first, id: 'mem_other' }), (error) => {
    assert.doesNotMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /secret-name/);
    return true;
  });
});
