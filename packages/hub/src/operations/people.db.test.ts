import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MemberId } from '@mcpvault/domain/ids';
import type { Actor } from '../actor.ts';
import { actorOf, createTestHub, nobody, password, stdio, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

async function world() {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const ada = await hub.addMember(organization, 'member', true);
  const bob = await hub.addMember(organization, 'member', true);
  await hub.execute('createServer', { name: 'files', transport: stdio }, admin);
  return { organization, admin, ada, bob };
}

async function signIn({ email }: { readonly email: string }): Promise<Actor> {
  const { accessToken } = await hub.execute('login', { email, password }, nobody);
  const actor = await actorOf(hub, accessToken);
  assert.ok(actor);
  return actor;
}

async function tokenOf(member: Actor): Promise<string> {
  return (await hub.execute('createToken', { name: 'laptop' }, member)).token;
}

async function usable(token: string): Promise<readonly string[]> {
  const caller = await hub.identities.identify(token);
  return caller === null ? [] : hub.catalog.usable(caller).map(({ server }) => server.name);
}

const inHours = (hours: number) => new Date(hub.ambient.clock.now() + hours * 3_600_000).toISOString();
const pass = (hours: number) => void (hub.ambient.clock.time += hours * 3_600_000);

test('what is granted to a team reaches the members of the teams in it, and nobody beside them', async () => {
  const { admin, ada, bob } = await world();
  const company = await hub.execute('createTeam', { name: 'company' }, admin);
  const engineering = await hub.execute('createTeam', { name: 'engineering', parent: company.id }, admin);
  const web = await hub.execute('createTeam', { name: 'web', parent: engineering.id, members: [ada.id] }, admin);
  await hub.execute('updateTeam', { id: company.id, name: 'company', members: [bob.id] }, admin);
  const tokens = { ada: await tokenOf(ada), bob: await tokenOf(bob) };
  const grant = await hub.execute(
    'createGrant',
    { subject: { type: 'team', id: engineering.id }, server: 'files' },
    admin,
  );
  assert.deepEqual([await usable(tokens.ada), await usable(tokens.bob)], [['files'], []]);
  const why = await hub.execute('explainAccess', { member: ada.id, server: 'files' }, admin);
  assert.equal(why.allowed, true);
  assert.ok(why.steps.some((step) => step.grant === grant.id));
  await hub.execute('updateTeam', { id: web.id, name: 'web', members: [ada.id], parent: company.id }, admin);
  assert.deepEqual(await usable(tokens.ada), []);
  await hub.execute('updateTeam', { id: web.id, name: 'web', members: [ada.id], parent: engineering.id }, admin);
  assert.deepEqual(await usable(tokens.ada), ['files']);
  await hub.execute('removeTeam', { id: engineering.id }, admin);
  assert.deepEqual(await usable(tokens.ada), []);
  const { items } = await hub.execute('listTeams', {}, admin);
  assert.equal(items.find((team) => team.id === web.id)?.parent?.id, company.id);
});

test('teams lie in no circle, also when two are moved at once', async () => {
  const { admin } = await world();
  const make = (name: string, parent?: `team_${string}`) => hub.execute('createTeam', { name, parent }, admin);
  const top = await make('top');
  const middle = await make('middle', top.id);
  const low = await make('low', middle.id);
  const move = (team: typeof top, parent: `team_${string}`) =>
    hub.execute('updateTeam', { id: team.id, name: team.name, members: [], parent }, admin);
  await assert.rejects(move(top, low.id), { code: 'conflict' });
  await assert.rejects(move(top, top.id), { code: 'conflict' });
  const [one, two] = [await make('one'), await make('two')];
  const moved = await Promise.allSettled([move(one, two.id), move(two, one.id)]);
  assert.deepEqual(moved.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  const elsewhere = await world();
  const theirs = await hub.execute('createTeam', { name: 'theirs' }, elsewhere.admin);
  await assert.rejects(move(low, theirs.id), { code: 'not_found' });
});

test('a supervisor is somebody else, and nobody supervises whoever supervises them', async () => {
  const { admin, ada, bob } = await world();
  const supervise = (member: MemberId, supervisor: MemberId | null) =>
    hub.execute('updateMember', { id: member, supervisor }, admin);
  assert.equal((await supervise(ada.id, bob.id)).supervisor?.id, bob.id);
  await supervise(bob.id, admin.id);
  for (const [member, supervisor] of [
    [admin.id, ada.id],
    [bob.id, ada.id],
    [ada.id, ada.id],
  ] as const) {
    await assert.rejects(supervise(member, supervisor), { code: 'conflict' });
  }
  const stranger = await hub.addMember(await hub.addOrganization(), 'member');
  await assert.rejects(supervise(ada.id, stranger.id), { code: 'not_found' });
  const { items } = await hub.execute('listMembers', { supervisor: bob.id }, admin);
  assert.deepEqual(
    items.map(({ id }) => id),
    [ada.id],
  );
  await hub.execute('removeMember', { id: bob.id }, admin);
  assert.equal((await hub.execute('getMember', { id: ada.id }, admin)).supervisor, null);
});

test('a member whose time is over is nobody from that moment on, without anything being swept', async () => {
  const { admin, ada } = await world();
  const token = await tokenOf(ada);
  const { accessToken, refreshToken } = await hub.execute('login', { email: ada.email, password }, nobody);
  const kept = await hub.execute('updateMember', { id: ada.id, expiresAt: inHours(0.5) }, admin);
  assert.deepEqual([kept.status, kept.expiresAt !== null], ['active', true]);
  const caller = await hub.identities.identify(token);
  assert.ok(caller);
  assert.ok(await hub.identities.identity(accessToken));
  assert.equal(hub.catalog.isGone(caller), false);
  pass(0.5);
  assert.equal(await hub.identities.identify(token), null);
  assert.equal(await hub.identities.identity(accessToken), null);
  assert.equal(hub.catalog.isGone(caller), true);
  await assert.rejects(hub.execute('refresh', { refreshToken }, nobody), { code: 'unauthenticated' });
  await assert.rejects(hub.execute('login', { email: ada.email, password }, nobody), { code: 'invalid_credentials' });
  assert.equal((await hub.execute('getMember', { id: ada.id }, admin)).status, 'disabled');
  await hub.execute('updateMember', { id: ada.id, expiresAt: null }, admin);
  assert.ok(await hub.identities.identify(token));
});

test('a grant ends at its moment, for who used it a moment before', async () => {
  const { admin, ada } = await world();
  const token = await tokenOf(ada);
  await hub.execute(
    'createGrant',
    { subject: { type: 'member', id: ada.id }, server: 'files', expiresAt: inHours(1) },
    admin,
  );
  assert.deepEqual(await usable(token), ['files']);
  pass(1);
  assert.deepEqual(await usable(token), []);
});

test('the last admin does not end either, and an admin whose time is limited is none to rely on', async () => {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const end = (id: MemberId) => hub.execute('updateMember', { id, expiresAt: inHours(1) }, admin);
  await assert.rejects(end(admin.id), { code: 'conflict' });
  const second = await hub.addMember(organization, 'admin', true);
  await end(second.id);
  await assert.rejects(hub.execute('updateMember', { id: admin.id, disabled: true }, admin), { code: 'conflict' });
});

test('disabling a member ends sign-ins, tokens and links at once, and what is under way', async () => {
  const { admin, ada } = await world();
  const token = await tokenOf(ada);
  const caller = await hub.identities.identify(token);
  const { accessToken, refreshToken } = await hub.execute('login', { email: ada.email, password }, nobody);
  assert.ok(caller && (await hub.identities.identity(accessToken)));
  await hub.execute('updateMember', { id: ada.id, disabled: true }, admin);
  assert.equal(await hub.identities.identify(token), null);
  assert.equal(await hub.identities.identity(accessToken), null);
  assert.equal(hub.catalog.isGone(caller), true);
  await assert.rejects(hub.execute('refresh', { refreshToken }, nobody), { code: 'unauthenticated' });
  await hub.execute('updateMember', { id: ada.id, disabled: false }, admin);
  assert.equal(await hub.identities.identity(accessToken), null);
});

test('a service account never signs in, and does with a key what was granted to it', async () => {
  const { admin, ada } = await world();
  const account = await hub.execute(
    'createServiceAccount',
    { name: 'Nightly build', owner: { type: 'member', id: ada.id } },
    admin,
  );
  assert.match(account.email, /^nightly-build-\w{6}@service\.invalid$/);
  const made = await hub.execute('createServiceAccountKey', { id: account.id, name: 'ci' }, await signIn(ada));
  await hub.execute('createGrant', { subject: { type: 'member', id: account.id }, server: 'files' }, admin);
  assert.deepEqual(await usable(made.token), ['files']);
  await assert.rejects(hub.execute('login', { email: account.email, password }, nobody), {
    code: 'invalid_credentials',
  });
  for (const asked of [
    () => hub.execute('inviteAgain', { id: account.id }, admin),
    () => hub.execute('updateMember', { id: account.id, name: 'x' }, admin),
    () => hub.execute('updateMember', { id: ada.id, supervisor: account.id }, admin),
    () => hub.execute('startImpersonation', { subject: account.id, reason: 'curious' }, admin),
  ]) {
    await assert.rejects(asked, (error: { code: string }) => error.code === 'conflict' || error.code === 'forbidden');
  }
  const { items } = await hub.execute('listTokens', { member: account.id }, await signIn(ada));
  assert.deepEqual([items[0]?.id, items[0]?.prefix], [made.id, made.token.slice(0, 9)]);
});

test('a service account ends with its owner, or goes on, as was chosen', async () => {
  const { admin, ada } = await world();
  const make = async (name: string, endsWithOwner: boolean) => {
    const owner = { type: 'member' as const, id: ada.id };
    const account = await hub.execute('createServiceAccount', { name, owner, endsWithOwner }, admin);
    const { token } = await hub.execute('createServiceAccountKey', { id: account.id, name: 'key' }, admin);
    return { id: account.id, token };
  };
  const [bound, free] = [await make('bound', true), await make('free', false)];
  const good = async ({ token }: { readonly token: string }) => (await hub.identities.identify(token)) !== null;
  assert.deepEqual([await good(bound), await good(free)], [true, true]);
  await hub.execute('updateMember', { id: ada.id, disabled: true }, admin);
  assert.deepEqual([await good(bound), await good(free)], [false, true]);
  assert.equal((await hub.execute('getServiceAccount', { id: bound.id }, admin)).status, 'disabled');
  await hub.execute('updateMember', { id: ada.id, disabled: false, expiresAt: inHours(1) }, admin);
  assert.equal(await good(bound), true);
  pass(1);
  assert.deepEqual([await good(bound), await good(free)], [false, true]);
  const owner = { type: 'member' as const, id: admin.id };
  await hub.execute('updateServiceAccount', { id: bound.id, owner }, admin);
  assert.equal(await good(bound), true);
  await hub.execute('removeServiceAccount', { id: bound.id }, admin);
  assert.equal(await good(bound), false);
});

test('keys of a service account are its owner’s business, and the leads’ of the team that owns it', async () => {
  const { admin, ada, bob } = await world();
  const team = await hub.execute('createTeam', { name: 'crew', members: [bob.id], leads: [ada.id] }, admin);
  const account = await hub.execute('createServiceAccount', { name: 'r', owner: { type: 'team', id: team.id } }, admin);
  const [asAda, asBob] = [await signIn(ada), await signIn(bob)];
  const { id } = await hub.execute('createServiceAccountKey', { id: account.id, name: 'k' }, asAda);
  await assert.rejects(hub.execute('createServiceAccountKey', { id: account.id, name: 'k' }, asBob), {
    code: 'not_found',
  });
  await assert.rejects(hub.execute('getServiceAccount', { id: account.id }, asBob), { code: 'not_found' });
  await assert.rejects(hub.execute('listTokens', { member: account.id }, asBob), { code: 'forbidden' });
  await assert.rejects(hub.execute('revokeToken', { id }, asBob), { code: 'not_found' });
  assert.equal((await hub.execute('listServiceAccounts', {}, asBob)).items.length, 0);
  assert.equal((await hub.execute('listServiceAccounts', {}, asAda)).items.length, 1);
  await hub.execute('revokeToken', { id }, asAda);
  await assert.rejects(hub.execute('removeTeam', { id: team.id }, admin), { code: 'conflict' });
});

test('nobody makes a key for an account that may more than they do', async () => {
  const { admin, ada } = await world();
  const owner = { type: 'member' as const, id: ada.id };
  const account = await hub.execute('createServiceAccount', { name: 'boss', role: 'admin', owner }, admin);
  await assert.rejects(hub.execute('createServiceAccountKey', { id: account.id, name: 'k' }, await signIn(ada)), {
    code: 'forbidden',
  });
});
