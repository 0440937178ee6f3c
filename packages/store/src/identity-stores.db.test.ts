import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unconditional } from '@mcpvault/domain/identity/access';
import { loadOrganization } from './catalog-view.ts';
import { transaction } from './stores.ts';
import { byPassword, createSample } from './testing/sample.ts';
import type { MemberId } from '@mcpvault/domain/ids';
import { fails, openStoresUnderTest } from './testing/stores-under-test.ts';

const { database, newMember, ours, stores, theirs, unique } = await openStoresUnderTest();

test('an e-mail address is taken in every spelling and every organization, until its member is removed', async () => {
  const first = newMember(`${unique('Zoë')}@Example.test`);
  await stores.members.create(first);
  const again = newMember(first.email.toUpperCase(), theirs.organization);
  await assert.rejects(stores.members.create(again), fails('conflict', /e-mail address exists already/));
  assert.equal((await stores.members.byEmail(first.email.toLowerCase()))?.member.id, first.id);
  await stores.members.remove(ours.organization, first.id, 9000);
  assert.equal(await stores.members.byEmail(first.email), null);
  await stores.members.create(again);
  assert.equal((await stores.members.byEmail(first.email))?.member.id, again.id);
  await stores.members.remove(theirs.organization, again.id, 9000);
});

test('a removed member loses everything to act with, and is named no more but in the record', async () => {
  const sample = await createSample(stores, unique('leaving'));
  const { organization, member, server } = sample;
  const grant = { ...unconditional, organization, server, createdBy: null, createdAt: 1 };
  await stores.grants.create({ ...grant, id: 'grt_leaving', subject: { type: 'member', id: member } });
  await stores.links.create({
    hash: Buffer.from('leaving'),
    organization,
    member,
    purpose: 'reset',
    createdAt: 1,
    expiresAt: 1e12,
  });
  await stores.signIns.start(
    { id: 'sin_leaving', organization, member, client: 'console', createdAt: 1, expiresAt: 1e12, ...byPassword },
    { access: { hash: Buffer.from('la'), expiresAt: 1e12 }, refresh: { hash: Buffer.from('lr'), expiresAt: 1e12 } },
  );
  assert.equal(await stores.members.remove(organization, member, 5000), true);
  assert.equal(await stores.members.remove(organization, member, 5000), false);
  assert.equal(await stores.members.byId(organization, member), null);
  assert.equal(await stores.tokens.byHash(sample.tokenHash), null);
  assert.equal(await stores.grants.byId(organization, 'grt_leaving'), null);
  assert.equal(await stores.links.find(Buffer.from('leaving'), 2), null);
  assert.equal(await stores.signIns.byAccess(Buffer.from('la'), 2), null);
  assert.deepEqual((await stores.teams.byId(organization, sample.team))?.members, []);
  assert.deepEqual(
    (await loadOrganization(database.kysely, organization))?.members.map(({ id }) => id),
    [sample.admin],
  );
});

test('a removed team takes its grants along', async () => {
  const sample = await createSample(stores, unique('team'));
  assert.equal(await stores.teams.remove(sample.organization, sample.team), true);
  assert.equal(await stores.grants.byId(sample.organization, sample.grant), null);
});

test('a one-time link is used once, in time, and not by two at once', async () => {
  const link = {
    hash: Buffer.from('once'),
    organization: null,
    member: null,
    purpose: 'setup' as const,
    createdAt: 1,
    expiresAt: 1000,
  };
  await stores.links.create(link);
  assert.deepEqual(await stores.links.find(link.hash, 999), link);
  assert.equal(await stores.links.use(link.hash, 1000), null);
  const used = await Promise.all([stores.links.use(link.hash, 500), stores.links.use(link.hash, 500)]);
  assert.deepEqual(
    used.filter((answer) => answer !== null),
    [link],
  );
  assert.equal(await stores.links.find(link.hash, 500), null);
  await stores.links.create({ ...link, hash: Buffer.from('unused') });
  await stores.links.revokeSetup();
  assert.equal(await stores.links.find(Buffer.from('unused'), 1), null);
});

test('a token is found by its hash with its owner, revoked once, and its last use never moves back', async () => {
  const sample = await createSample(stores, unique('token'));
  const { organization, token, tokenHash, member } = sample;
  assert.equal((await stores.tokens.byHash(tokenHash))?.member.id, member);
  await stores.tokens.touch(
    new Map([
      [token, 7000],
      ['tok_none', 1],
    ]),
  );
  await stores.tokens.touch(new Map([[token, 6000]]));
  assert.equal((await stores.tokens.byId(organization, token))?.lastUsedAt, 7000);
  assert.equal(await stores.tokens.revoke(organization, token, 8000), true);
  assert.equal(await stores.tokens.revoke(organization, token, 9000), false);
  assert.equal((await stores.tokens.byHash(tokenHash))?.revokedAt, 8000);
  await stores.tokens.touch(new Map());
});

test('members are seen, counted as admins, disabled and enabled', async () => {
  const { organization, admin, member } = await createSample(stores, unique('members'));
  assert.equal(await stores.members.countOtherAdmins(organization, admin), 0);
  await stores.members.update(organization, member, { role: 'admin', name: 'Mo the admin' });
  assert.equal(await stores.members.countOtherAdmins(organization, admin), 1);
  await stores.members.update(organization, member, { disabledAt: 4000 });
  assert.equal(await stores.members.countOtherAdmins(organization, admin), 0);
  assert.equal((await stores.members.byId(organization, member))?.disabledAt, 4000);
  await stores.members.update(organization, member, { disabledAt: null });
  await stores.members.touch(new Map([[member, 7000]]));
  const seen = await stores.members.byId(organization, member);
  assert.deepEqual(
    [seen?.disabledAt, seen?.lastSeenAt, seen?.name, seen?.hasPassword],
    [null, 7000, 'Mo the admin', true],
  );
  assert.deepEqual(
    seen?.teams.map(({ name }) => name),
    ['Core'],
  );
  assert.equal(await stores.members.update(organization, member, {}), true);
  assert.equal(await stores.members.update(organization, 'mem_nobody', {}), false);
});

test('two admins who take each other’s place at the same time cannot both succeed unseen', async () => {
  const { organization, admin, member } = await createSample(stores, unique('duel'));
  await stores.members.update(organization, member, { role: 'admin' });
  const demote = (id: MemberId) =>
    transaction(database, async (own) => {
      if ((await own.members.countOtherAdmins(organization, id)) === 0) return false;
      return own.members.update(organization, id, { role: 'member' });
    });
  const done = await Promise.all([demote(admin), demote(member)]);
  assert.deepEqual(done.toSorted(), [false, true]);
});
