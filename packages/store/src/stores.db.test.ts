import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure, type FailureCode } from '@mcpvault/domain/failure';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { loadOrganization } from './catalog-view.ts';
import { listMessages } from './messages-view.ts';
import { createStores, transaction } from './stores.ts';
import { createSample } from './testing/sample.ts';
import { openTestDatabase, testAmbient } from './testing/test-database.ts';

const database = await openTestDatabase();
const stores = createStores(database.kysely);
const ambient = testAmbient();
const ours = await createSample(stores, 'ours');
const theirs = await createSample(stores, 'theirs');

let made = 0;
function unique(word: string): string {
  made += 1;
  return `${word}-${made}`;
}

function fails(code: FailureCode, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof Failure, `not a failure: ${String(error)}`);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

function newMember(email: string, organization: OrganizationId = ours.organization) {
  const id = `mem_m${(made += 1)}` as MemberId;
  return { id, organization, email, name: 'New', role: 'member' as const, passwordHash: null, createdAt: 1000 + made };
}

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
    teamRenamed: await stores.teams.rename(organization, theirs.team, 'x'),
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
  const grant = { organization: ours.organization, tools: null, expiresAt: null, createdBy: null, createdAt: 1 };
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

test('a conflict says nothing of what is stored', async () => {
  const first = newMember(`${unique('secret-name')}@example.test`);
  await stores.members.create(first);
  await assert.rejects(stores.members.create({ ...first, id: 'mem_other' }), (error) => {
    assert.doesNotMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /secret-name/);
    return true;
  });
});

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

test('a removed member loses everything to act with, and is named no more but in the record', async () => {
  const sample = await createSample(stores, unique('leaving'));
  const { organization, member, server } = sample;
  const grant = { organization, server, tools: null, expiresAt: null, createdBy: null, createdAt: 1 };
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
    { id: 'sin_leaving', organization, member, client: 'console', createdAt: 1, expiresAt: 1e12 },
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
  const more = { organization, server, tools: null, createdBy: null };
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
    expiresAt: null,
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
  const changed = { ...held, name: 'Cards', enabled: false, detectors: ['card'], action: { type: 'refuse' as const } };
  assert.equal(await stores.policies.update(organization, changed, 8000), true);
  assert.deepEqual(await stores.policies.byId(organization, policy), { ...changed, updatedAt: 8000 });
  assert.equal(await stores.policies.remove(organization, policy, 9000), true);
  assert.equal(await stores.policies.byId(organization, policy), null);
  assert.equal(await stores.policies.update(organization, changed, 9000), false);
  assert.deepEqual([...(await stores.policies.names(organization, [policy]))], [[policy, 'Cards']]);
});

test('failed sign-ins are counted, forgotten after a while, blocked and cleared', async () => {
  const email = Buffer.from('someone');
  assert.equal(await stores.attempts.of(email), null);
  assert.equal(await stores.attempts.fail(email, 1000, 0), 1);
  assert.equal(await stores.attempts.fail(email, 2000, 500), 2);
  await stores.attempts.block(email, 9000);
  assert.deepEqual(await stores.attempts.of(email), { failures: 2, lastFailedAt: 2000, blockedUntil: 9000 });
  assert.equal(await stores.attempts.fail(email, 50_000, 40_000), 1);
  await stores.attempts.clear(email);
  assert.equal(await stores.attempts.of(email), null);
  const counts = await Promise.all(Array.from({ length: 5 }, () => stores.attempts.fail(email, 1000, 0)));
  assert.deepEqual(counts.toSorted(), [1, 2, 3, 4, 5]);
  await stores.attempts.sweep(2000);
  assert.equal(await stores.attempts.of(email), null);
});

test('settings of the hub and of an organization are kept apart, and replaced', async () => {
  await stores.settings.set(null, 'theme', 'hub', 1);
  await stores.settings.set(null, 'theme', ['hub', 2], 2);
  assert.deepEqual(await stores.settings.get(null, 'theme'), ['hub', 2]);
  assert.deepEqual(await stores.settings.get(ours.organization, 'theme'), { dark: true });
  assert.equal(await stores.settings.get(null, 'nothing'), undefined);
  await stores.settings.remove(null, 'theme');
  assert.equal((await stores.settings.all(null)).size, 0);
});

test('audit entries are listed by action, actor and subject, and name the member who did it', async () => {
  const { organization, admin, server } = await createSample(stores, unique('audit'));
  const entry = {
    id: ambient.ids.next('aud'),
    organization,
    at: 1,
    actor: 'system',
    action: 'keys.create',
    subject: null,
  };
  await stores.audit.append({ ...entry, outcome: 'done', detail: { odd: 'a\0\ud800' } });
  const { items } = await stores.audit.list(organization, {});
  assert.deepEqual(
    items.map(({ actorLabel }) => actorLabel.split('@')[0]),
    ['admin', 'system'],
  );
  assert.deepEqual(items[1]?.detail, { odd: 'a\uFFFD\uFFFD' });
  const subjects = async (filter: object) =>
    (await stores.audit.list(organization, filter)).items.map(({ subject }) => subject);
  assert.deepEqual(await subjects({ action: 'keys.create' }), [null]);
  assert.deepEqual(await subjects({ actor: admin }), [server]);
  assert.deepEqual(await subjects({ subject: 'srv_none' }), []);
});

test('searching takes signs of patterns literally', async () => {
  const { organization } = await createSample(stores, unique('search'));
  await stores.members.create(newMember(`${unique('100%_sure')}@example.test`, organization));
  const found = async (q: string) => (await stores.members.list(organization, { q })).items.length;
  assert.deepEqual([await found('100%_S'), await found('%'), await found('1%0'), await found('\\')], [1, 1, 0, 0]);
});

test('what a transaction wrote is gone when it throws', async () => {
  const member = newMember(`${unique('undone')}@example.test`);
  const undone = transaction(database, async (own) => {
    await own.members.create(member);
    assert.ok(await own.members.byId(ours.organization, member.id));
    throw new Failure('conflict', 'no');
  });
  await assert.rejects(undone, fails('conflict', /^no$/));
  assert.equal(await stores.members.byId(ours.organization, member.id), null);
});

async function versionOf({ organization, version }: Pick<typeof ours, 'organization' | 'version'>) {
  const held = await stores.servers.version(organization, version);
  assert.ok(held);
  return held;
}
