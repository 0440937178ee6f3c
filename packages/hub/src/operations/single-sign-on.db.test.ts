// What is decided here about people whom an identity provider names. How a provider is asked is shown beside its client.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TOTP } from 'otpauth';
import type { InputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import type { IdentityProviderId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { Actor } from '../actor.ts';
import { actorOf, createTestHub, nobody, password, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

type Draft = Partial<InputOf<Operations['createIdentityProvider']>>;

let worlds = 0;
let providers = 0;
async function world(draft: Draft = {}) {
  worlds += 1;
  const domain = `w${worlds}.example`;
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const provider = await addProvider(admin, { domains: [domain], ...draft });
  const member = await memberWith(organization, `ada@${domain}`);
  return { organization, admin, provider, domain, member };
}

async function addProvider(admin: Actor, draft: Draft): Promise<IdentityProviderId> {
  const basics = { name: `Directory ${(providers += 1)}`, issuer: 'https://id.example.com', clientId: 'mcpvault' };
  return (await hub.execute('createIdentityProvider', { ...basics, ...draft }, admin)).id;
}

async function memberWith(organization: OrganizationId, email: string, role: 'member' | 'admin' = 'member') {
  const made = await hub.addMember(organization, role, true);
  await hub.stores.members.update(organization, made.id, { email });
  return { ...made, email };
}

type Said = Readonly<Record<string, unknown>>;

async function comeBack(id: IdentityProviderId, claims: Said, link?: string) {
  const { flow, url } = await hub.execute('startProviderSignIn', { id, link }, nobody);
  hub.providers.claims = claims;
  return hub.execute('finishProviderSignIn', { id, flow, parameters: new URL(url).search.slice(1) }, nobody);
}

async function memberOf(accessToken: string) {
  const actor = await actorOf(hub, accessToken);
  assert.ok(actor, 'nobody is signed in');
  return (await hub.execute('me', {}, actor)).member;
}

function verified(email: string, more: Said = {}): Said {
  return { sub: `sub-${email}`, email, email_verified: true, ...more };
}

test('a member with a verified address of the domain is linked, and found again by who they are there', async () => {
  const { provider, domain, member } = await world();
  const first = await comeBack(provider, verified(`ADA@${domain}`));
  assert.equal((await memberOf(first.accessToken)).id, member.id);
  // The address may change there; who it is does not.
  const later = await comeBack(provider, { sub: `sub-ADA@${domain}`, email: 'other@elsewhere.example' });
  assert.equal((await memberOf(later.accessToken)).id, member.id);
});

test('refused: an address that is not verified, of another domain, or missing', async () => {
  const { provider, domain, member, admin } = await world();
  const refused: Said[] = [
    { sub: 's', email: member.email },
    { sub: 's', email: member.email, email_verified: false },
    { sub: 's', email: member.email, email_verified: 1 },
    { sub: 's' },
    verified(admin.email),
    verified(`ada@sub.${domain}`),
    verified(`ada@x${domain}`),
  ];
  for (const claims of refused) {
    await assert.rejects(comeBack(provider, claims), { code: 'forbidden' }, JSON.stringify(claims));
  }
  const { items } = await hub.execute('listAudit', { action: 'auth.finish-provider-sign-in' }, admin);
  assert.equal(items.length, refused.length);
  assert.ok(items.every(({ outcome, actor }) => outcome === 'refused' && actor.id === provider));
});

test('account takeover: the address alone gives a member to nobody of another provider or with another name', async () => {
  const { admin, provider, domain, member } = await world();
  await comeBack(provider, verified(member.email));
  const second = await addProvider(admin, { domains: [domain] });
  await assert.rejects(comeBack(second, verified(member.email)), { code: 'forbidden', message: /somebody else/ });
  await assert.rejects(comeBack(provider, verified(member.email, { sub: 'recycled' })), { message: /somebody else/ });
  const narrow = await addProvider(admin, { domains: [] });
  await assert.rejects(comeBack(narrow, verified(`new@${domain}`)), { code: 'forbidden', message: /domain/ });
});

test('account takeover: a provider of one organization says nothing about members of another', async () => {
  const theirs = await world();
  const mine = await world({ trustEmails: true, createMembers: true });
  await hub.stores.members.update(theirs.organization, theirs.member.id, { email: `eve@${mine.domain}` });
  await assert.rejects(comeBack(mine.provider, verified(`eve@${mine.domain}`)), { code: 'forbidden' });
  const taking = hub.execute(
    'createIdentityProvider',
    { name: 'Thief', issuer: 'https://id.example.com', clientId: 'x', domains: [theirs.domain] },
    mine.admin,
  );
  await assert.rejects(taking, { code: 'not_found', message: /another organization/ });
});

test('members are made at sign-in only where that is switched on, in the role and teams that their groups give', async () => {
  const { admin, provider, domain, organization } = await world();
  await assert.rejects(comeBack(provider, verified(`new@${domain}`)), { code: 'forbidden', message: /none is made/ });
  const team = await hub.execute('createTeam', { name: 'Engineers' }, admin);
  const other = await hub.execute('createTeam', { name: 'By hand' }, admin);
  const mappings = [
    { group: 'eng', team: team.id },
    { group: 'audit', role: 'auditor' as const },
  ];
  const basics = { name: 'Directory', issuer: 'https://id.example.com', clientId: 'mcpvault', domains: [domain] };
  await hub.execute('updateIdentityProvider', { id: provider, ...basics, createMembers: true, mappings }, admin);
  const email = `new@${domain}`;
  const { accessToken } = await comeBack(provider, verified(email, { name: 'New', groups: ['eng', 'audit'] }));
  const made = await memberOf(accessToken);
  assert.deepEqual(
    [made.email, made.name, made.role, made.status, made.teams.map(({ name }) => name)],
    [email, 'New', 'auditor', 'active', ['Engineers']],
  );
  await hub.execute('updateTeam', { id: other.id, name: 'By hand', members: [made.id] }, admin);
  await comeBack(provider, verified(email, { groups: [] }));
  const left = await hub.stores.members.byId(organization, made.id);
  assert.deepEqual([left?.role, left?.teams.map(({ name }) => name)], ['member', ['By hand']]);
  const tooMany = verified(email, { _claim_names: { groups: 'src1' } });
  await assert.rejects(comeBack(provider, tooMany), { code: 'upstream_invalid', message: /groups/ });
});

test('groups take the role of an admin away from neither the last one nor whom the glass is broken for', async () => {
  const { admin, provider, domain, organization } = await world();
  const boss = await memberWith(organization, `boss@${domain}`, 'admin');
  const mappings = [{ group: 'admins', role: 'admin' as const }];
  const basics = { name: 'Directory', issuer: 'https://id.example.com', clientId: 'mcpvault', domains: [domain] };
  await hub.execute('updateIdentityProvider', { id: provider, ...basics, mappings }, admin);
  const roleOf = async (id: MemberId) => (await hub.stores.members.byId(organization, id))?.role;
  const security = { requireSecondFactor: false, requireSingleSignOn: true };
  await hub.execute('updateSecurity', { ...security, breakGlass: [boss.id] }, admin);
  await comeBack(provider, verified(boss.email));
  assert.equal(await roleOf(boss.id), 'admin');
  await hub.execute('updateSecurity', { ...security, requireSingleSignOn: false, breakGlass: [] }, admin);
  await hub.execute('updateMember', { id: admin.id, role: 'member' }, { ...boss, caller: boss.caller });
  await comeBack(provider, verified(boss.email));
  assert.equal(await roleOf(boss.id), 'admin', 'the last one');
  await hub.stores.members.update(organization, admin.id, { role: 'admin' });
  await comeBack(provider, verified(boss.email));
  assert.equal(await roleOf(boss.id), 'member');
});

test('a disabled member stays outside, and is not made anew', async () => {
  const { admin, provider, member } = await world({ createMembers: true });
  const { accessToken } = await comeBack(provider, verified(member.email));
  await hub.execute('updateMember', { id: member.id, disabled: true }, admin);
  assert.equal(await actorOf(hub, accessToken), null);
  await assert.rejects(comeBack(provider, verified(member.email)), { code: 'forbidden' });
  await assert.rejects(comeBack(provider, verified(member.email, { sub: 'new' })), { code: 'forbidden' });
});

test('a sign-in is finished by the browser that began it, with the provider it began with, once, and in time', async () => {
  const { admin, provider, member, domain } = await world();
  const second = await addProvider(admin, { domains: [domain] });
  hub.providers.claims = verified(member.email);
  const begin = () => hub.execute('startProviderSignIn', { id: provider }, nobody);
  const finish = (id: IdentityProviderId, flow: string, url: string) =>
    hub.execute('finishProviderSignIn', { id, flow, parameters: new URL(url).search.slice(1) }, nobody);
  const [mine, attackers] = [await begin(), await begin()];
  // Session fixation and CSRF: what an attacker began is no good in the victim's browser, nor the other way round.
  await assert.rejects(finish(provider, mine.flow, attackers.url), { code: 'upstream_invalid' });
  await assert.rejects(finish(provider, mine.flow, mine.url), { code: 'unauthenticated' }, 'it is used up');
  await assert.rejects(finish(second, attackers.flow, attackers.url), { code: 'unauthenticated' }, 'mix-up');
  await assert.rejects(finish(provider, 'mcpl_made-up', attackers.url), { code: 'unauthenticated' });
  const late = await begin();
  hub.ambient.clock.time += 11 * 60_000;
  await assert.rejects(finish(provider, late.flow, late.url), { code: 'unauthenticated' });
  const twice = await begin();
  const results = await Promise.allSettled([1, 2, 3].map(() => finish(provider, twice.flow, twice.url)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('any hub on the database goes on with what another began', async () => {
  const other = await createTestHub(hub.database);
  const { provider, member, organization } = await world();
  const { flow, url } = await hub.execute('startProviderSignIn', { id: provider }, nobody);
  await other.keyring.ensure(organization);
  other.providers.claims = verified(member.email);
  const parameters = new URL(url).search.slice(1);
  const pair = await other.execute('finishProviderSignIn', { id: provider, flow, parameters }, nobody);
  assert.equal((await memberOf(pair.accessToken)).id, member.id);
  await other.stop();
});

test('an invitation is accepted as whoever one is at the provider, whatever the address there', async () => {
  const { admin, provider, domain, organization } = await world();
  const invited = await hub.execute('createMember', { email: `grace@${domain}`, name: 'Grace' }, admin);
  const link = invited.invitation?.url.split('#link=')[1] ?? '';
  const pair = await comeBack(provider, { sub: 'grace-there', email: 'gh@elsewhere.example' }, link);
  assert.deepEqual([(await memberOf(pair.accessToken)).id, invited.status], [invited.id, 'invited']);
  assert.equal((await hub.stores.members.byId(organization, invited.id))?.isLinked, true);
  await assert.rejects(comeBack(provider, { sub: 'eve' }, link), { code: 'not_found' });
  const foreign = await world();
  const again = await hub.execute('createMember', { email: `h@${domain}`, name: 'H' }, admin);
  const theirs = again.invitation?.url.split('#link=')[1] ?? '';
  await assert.rejects(comeBack(foreign.provider, { sub: 'eve' }, theirs), { code: 'not_found' });
});

test('a link for a new password makes nobody somebody at a provider', async () => {
  const { admin, provider, member } = await world();
  const { url } = await hub.execute('inviteAgain', { id: member.id }, admin);
  const link = url.split('#link=')[1] ?? '';
  await assert.rejects(comeBack(provider, { sub: 'eve' }, link), { code: 'not_found' });
});

test('a second factor set up here is asked for, unless it was shown there', async () => {
  const { provider, member } = await world();
  const { secret } = await hub.execute('startSecondFactor', {}, member);
  const code = () => new TOTP({ secret }).generate({ timestamp: hub.ambient.clock.now() });
  await hub.execute('confirmSecondFactor', { code: code() }, member);
  hub.ambient.clock.time += 30_000;
  assert.ok((await comeBack(provider, verified(member.email, { amr: ['pwd', 'mfa'] }))).accessToken);
  const { flow, url } = await hub.execute('startProviderSignIn', { id: provider }, nobody);
  hub.providers.claims = verified(member.email);
  const parameters = new URL(url).search.slice(1);
  const finish = (code_?: string) =>
    hub.execute('finishProviderSignIn', { id: provider, flow, parameters, code: code_ }, nobody);
  await assert.rejects(finish(), { code: 'second_factor_required' });
  await assert.rejects(finish('000000'), { code: 'invalid_credentials' });
  const [one, ...rest] = await Promise.allSettled([finish(code()), finish(code())]);
  assert.equal([one, ...rest].filter(({ status }) => status === 'fulfilled').length, 1);
  await assert.rejects(finish(code()), { code: 'unauthenticated' });
});

test('where a second factor is demanded, one shown at the provider counts, and none leads to setting one up', async () => {
  const { admin, provider, member, organization } = await world();
  await hub.stores.settings.set(organization, 'security', { requireSecondFactor: true }, 1);
  await hub.changes.publish([{ organization, area: 'organization', id: organization }]);
  const without = await comeBack(provider, verified(member.email));
  assert.equal((await actorOf(hub, without.accessToken))?.mustEnrol, true);
  const with_ = await comeBack(provider, verified(member.email, { amr: ['mfa'] }));
  const actor = await actorOf(hub, with_.accessToken);
  assert.equal(actor?.mustEnrol, false);
  assert.equal((await hub.execute('me', {}, actor ?? nobody)).secondFactor.isRequired, false);
  assert.ok(admin);
});

test('where single sign-on is demanded, the password is closed for the domain, and only the glass can be broken', async () => {
  const { admin, provider, domain, member, organization } = await world();
  const boss = await memberWith(organization, `boss@${domain}`, 'admin');
  const before = await hub.execute('login', { email: member.email, password }, nobody);
  const demand = (breakGlass: MemberId[]) =>
    hub.execute('updateSecurity', { requireSecondFactor: false, requireSingleSignOn: true, breakGlass }, admin);
  await assert.rejects(demand([]), { code: 'conflict', message: /nobody could get in/ });
  await assert.rejects(demand([member.id]), { code: 'invalid_params', message: /no admin/ });
  await demand([boss.id]);
  const options = await hub.execute('signInOptions', { email: `nobody@${domain}` }, nobody);
  assert.deepEqual([options.password, options.providers.map(({ id }) => id)], [false, [provider]]);
  const answers: string[] = [];
  const from = (index: number): Actor => ({ ...nobody, address: `203.0.113.${index}` });
  for (const [index, [email, given]] of [
    [member.email, password],
    [member.email, 'wrong'],
    [`nobody@${domain}`, password],
    [boss.email, 'wrong'],
  ].entries()) {
    const login = hub.execute('login', { email: email ?? '', password: given ?? '' }, from(index));
    await assert.rejects(login, (error: { code: string; message: string; details: unknown }) => {
      answers.push(JSON.stringify([error.code, error.message, error.details]));
      return true;
    });
  }
  assert.equal(new Set(answers).size, 1, 'the answer says neither who exists, nor whose password was right');
  assert.match(answers[0] ?? '', /forbidden.*single sign-on.*Directory/);
  assert.ok((await hub.execute('login', { email: boss.email, password }, nobody)).accessToken);
  assert.ok((await hub.execute('login', { email: admin.email, password }, nobody)).accessToken, 'of no such domain');
  await assert.rejects(hub.execute('refresh', { refreshToken: before.refreshToken }, nobody), {
    code: 'unauthenticated',
    message: /single sign-on/,
  });
  const { url } = await hub.execute('inviteAgain', { id: member.id }, admin);
  const accept = hub.execute('acceptLink', { link: url.split('#link=')[1] ?? '', password: 'another battery' }, nobody);
  await assert.rejects(accept, { code: 'forbidden' });
  assert.ok((await comeBack(provider, verified(member.email))).refreshToken);
  await assert.rejects(hub.execute('removeIdentityProvider', { id: provider }, admin), { code: 'conflict' });
});

test('back-channel logout ends the sign-in it names, at the next request, and is heeded once', async () => {
  const { provider, member } = await world();
  const first = await comeBack(provider, verified(member.email, { sid: 's1' }));
  const second = await comeBack(provider, verified(member.email, { sid: 's2' }));
  const byPassword = await hub.execute('login', { email: member.email, password }, nobody);
  assert.ok(await actorOf(hub, first.accessToken));
  const logOut = (ended: { session: string | null; subject: string | null; token: string }) => {
    hub.providers.ended = { ...ended, staleAt: 1e15 };
    return hub.execute('backchannelLogout', { id: provider, logout_token: 'x' }, nobody);
  };
  const one = { session: 's1', subject: null, token: `one${worlds}` };
  assert.equal((await logOut(one)).ended, 1);
  assert.equal(await actorOf(hub, first.accessToken), null);
  assert.ok(await actorOf(hub, second.accessToken));
  await assert.rejects(logOut(one), { code: 'invalid_request', message: /before/ });
  const all = { session: null, subject: `sub-${member.email}`, token: `all${worlds}` };
  assert.equal((await logOut(all)).ended, 1);
  assert.equal(await actorOf(hub, second.accessToken), null);
  await assert.rejects(hub.execute('refresh', { refreshToken: second.refreshToken }, nobody), {
    code: 'unauthenticated',
  });
  assert.ok(await actorOf(hub, byPassword.accessToken), 'what did not begin there goes on');
});

test('removing a provider, or who somebody is there, ends what began there', async () => {
  const { admin, provider, member } = await world();
  const { accessToken } = await comeBack(provider, verified(member.email));
  await hub.execute('unlinkIdentity', { id: member.id, provider }, admin);
  assert.equal(await actorOf(hub, accessToken), null);
  const again = await comeBack(provider, verified(member.email));
  await hub.execute('removeIdentityProvider', { id: provider }, admin);
  assert.equal(await actorOf(hub, again.accessToken), null);
  await assert.rejects(hub.execute('startProviderSignIn', { id: provider }, nobody), { code: 'not_found' });
});

test('only who has all that an admin has says who is who; the secret is sealed, never shown, and goes to no other issuer', async () => {
  const { admin, organization, domain } = await world();
  const role = await hub.execute('createRole', { name: 'Half', permissions: ['organization:write'] }, admin);
  const half = await hub.addMember(organization, 'member');
  const caller = { ...half.caller, role: role.id, permissions: new Set(['self', 'organization:write']) } as never;
  const basics = { name: 'Secret', issuer: 'https://id.example.com', clientId: 'mcpvault', domains: [domain] };
  await assert.rejects(hub.execute('createIdentityProvider', basics, { ...half, caller }), { code: 'forbidden' });
  const made = await hub.execute('createIdentityProvider', { ...basics, clientSecret: 'hush-hush' }, admin);
  const { rows } = await hub.database.pool.query<Record<string, unknown>>('select * from identity_providers');
  const texts = rows.flatMap((row) => Object.values(row).map((value) => (Buffer.isBuffer(value) ? `${value}` : value)));
  const audit = await hub.stores.audit.list(organization, { limit: 200 });
  assert.doesNotMatch(JSON.stringify([made, texts, audit]), /hush-hush/);
  const moved = { ...basics, id: made.id, issuer: 'https://evil.example' };
  await assert.rejects(hub.execute('updateIdentityProvider', moved, admin), { message: /give the secret again/ });
  const kept = await hub.execute('updateIdentityProvider', { ...basics, id: made.id, name: 'Kept' }, admin);
  assert.deepEqual([kept.hasSecret, kept.name], [true, 'Kept']);
  for (const issuer of ['http://id.example.com', 'https://user@id.example.com', 'https://id.example.com?x=1']) {
    await assert.rejects(hub.execute('createIdentityProvider', { ...basics, name: 'x', issuer }, admin), {
      code: 'invalid_params',
    });
  }
});
