import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { Actor } from '../actor.ts';
import { readSetup, writeSetup } from '../setup-state.ts';
import { actorOf, createTestHub, nobody, password, type TestHub } from '../testing/test-hub.ts';
import { hashOf } from './credential.ts';
import { makeLink } from './one-time-link.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

const second = 1000;
const minute = 60 * second;

/** Each test from an address of its own, so that failures of one do not slow another. */
let addresses = 0;
function somebody(): Actor {
  return { ...nobody, address: `198.51.100.${++addresses}` };
}

async function newMember(role: 'admin' | 'member' = 'member') {
  return hub.addMember(await hub.addOrganization(), role, true);
}

function signIn(email: string, given = password, from: Actor = somebody()) {
  return hub.execute('login', { email, password: given }, from);
}

function me(actor: Actor | null) {
  return hub.execute('me', {}, actor ?? nobody);
}

test('an access token works until its time is over, to the minute', async () => {
  const { email } = await newMember();
  const { accessToken, expiresIn } = await signIn(email);
  assert.equal(expiresIn, 3600);
  hub.ambient.clock.time += 59 * minute;
  assert.equal((await me(await actorOf(hub, accessToken))).member.email, email);
  hub.ambient.clock.time += 2 * minute;
  assert.equal(await actorOf(hub, accessToken), null);
});

test('the e-mail address is found however it is written', async () => {
  const { email } = await newMember();
  assert.ok((await signIn(email.toUpperCase())).accessToken);
});

test('a refresh token is good once, and gives a pair that works', async () => {
  const { email } = await newMember();
  const first = await signIn(email);
  const next = await hub.execute('refresh', { refreshToken: first.refreshToken }, nobody);
  assert.notEqual(next.refreshToken, first.refreshToken);
  assert.ok(await actorOf(hub, next.accessToken));
});

test('a refresh token used twice ends the whole sign-in, also for who had it rightly', async () => {
  const { email } = await newMember();
  const first = await signIn(email);
  const next = await hub.execute('refresh', { refreshToken: first.refreshToken }, nobody);
  assert.ok(await actorOf(hub, next.accessToken));
  hub.ambient.clock.time += 11 * second;
  const again = hub.execute('refresh', { refreshToken: first.refreshToken }, nobody);
  await assert.rejects(again, { code: 'unauthenticated', message: /used before/ });
  assert.equal(await actorOf(hub, next.accessToken), null);
  const rightly = hub.execute('refresh', { refreshToken: next.refreshToken }, nobody);
  await assert.rejects(rightly, { code: 'unauthenticated' });
});

test('an answer that was lost can be asked for again at once; what was answered first has stopped working', async () => {
  const { email } = await newMember();
  const first = await signIn(email);
  const lost = await hub.execute('refresh', { refreshToken: first.refreshToken }, nobody);
  assert.ok(await actorOf(hub, lost.accessToken));
  hub.ambient.clock.time += 5 * second;
  const next = await hub.execute('refresh', { refreshToken: first.refreshToken }, nobody);
  assert.ok(await actorOf(hub, next.accessToken));
  assert.equal(await actorOf(hub, lost.accessToken), null);
  const thief = hub.execute('refresh', { refreshToken: lost.refreshToken }, nobody);
  await assert.rejects(thief, { message: /used before/ });
  assert.equal(await actorOf(hub, next.accessToken), null);
});

test('a sign-in lasts as long as its organization allows, from the next request on', async () => {
  const admin = await newMember('admin');
  const member = await hub.addMember(organizationOf(admin), 'member', true);
  const pair = await signIn(member.email);
  hub.ambient.clock.time += 59 * minute;
  assert.ok(await actorOf(hub, pair.accessToken));
  await hub.execute('updateSecurity', { requireSecondFactor: false, sessionHours: 1, idleMinutes: 20 }, admin);
  hub.ambient.clock.time += minute;
  assert.equal(await actorOf(hub, pair.accessToken), null);
  await assert.rejects(hub.execute('refresh', { refreshToken: pair.refreshToken }, nobody), { message: /as long as/ });
  const again = await signIn(member.email);
  assert.equal(again.expiresIn, 20 * 60);
  hub.ambient.clock.time += 15 * minute;
  const used = await hub.execute('refresh', { refreshToken: again.refreshToken }, nobody);
  const actor = await actorOf(hub, used.accessToken);
  assert.ok(actor);
  const { signIn: shown } = await hub.execute('me', {}, actor);
  const endsAt = new Date(hub.ambient.clock.time + 45 * minute).toISOString();
  assert.deepEqual(shown, { endsAt, idleSeconds: 1200 });
  hub.ambient.clock.time += 20 * minute;
  await assert.rejects(hub.execute('refresh', { refreshToken: used.refreshToken }, nobody), {
    code: 'unauthenticated',
  });
});

test('whoever guesses from elsewhere keeps no member out who signed in from their place before', async () => {
  const { email } = await newMember('admin');
  const [home, elsewhere, office] = [somebody(), somebody(), somebody()];
  await signIn(email, password, home);
  for (let round = 0; round < 20; round += 1) {
    hub.ambient.clock.time += minute;
    for (let guess = 0; guess < 6; guess += 1) await signIn(email, 'wrong', elsewhere).catch(() => undefined);
  }
  await assert.rejects(signIn(email, password, office), { code: 'too_many_attempts' });
  const pair = await signIn(email, password, home);
  const actor = await actorOf(hub, pair.accessToken);
  assert.ok(actor);
  await hub.execute('changePassword', { current: password, password: 'another battery' }, actor);
  await assert.rejects(signIn(email, 'another battery', office), { code: 'too_many_attempts' }, 'elsewhere it goes on');
});

test('at a place that is known, guesses are slowed down by themselves', async () => {
  const { email } = await newMember();
  const home = somebody();
  await signIn(email, password, home);
  const codes: string[] = [];
  for (let guess = 0; guess < 8; guess += 1) {
    await signIn(email, 'wrong', home).catch((error: { code: string }) => codes.push(error.code));
  }
  assert.deepEqual([codes[0], codes.at(-1)], ['invalid_credentials', 'too_many_attempts']);
});

test('a password that would be guessed is refused wherever one is chosen, and a good one leaves the link good', async () => {
  const admin = await newMember('admin');
  const { invitation } = await hub.execute('createMember', { email: 'grace.hopper@example.com', name: 'Grace' }, admin);
  const link = linkOf(invitation?.url);
  for (const bad of ['password1234', 'gracehopper12']) {
    const accept = hub.execute('acceptLink', { link, password: bad }, nobody);
    await assert.rejects(accept, { code: 'invalid_params', message: /^password: choose another/ });
  }
  const { accessToken } = await hub.execute('acceptLink', { link, password }, nobody);
  const actor = await actorOf(hub, accessToken);
  const change = hub.execute('changePassword', { current: password, password: 'gracehopper12' }, actor ?? nobody);
  await assert.rejects(change, { code: 'invalid_params' });
  const given = { email: 'weak@example.com', name: 'W', password: 'weak@example.com' };
  await assert.rejects(hub.execute('createMember', given, admin), { code: 'invalid_params' });
});

test('a refresh token stops with the sign-in, however often it is renewed', async () => {
  const { email } = await newMember();
  let pair = await signIn(email);
  for (let day = 0; day < 29; day++) {
    hub.ambient.clock.time += 24 * 60 * minute;
    pair = await hub.execute('refresh', { refreshToken: pair.refreshToken }, nobody);
  }
  hub.ambient.clock.time += 2 * 24 * 60 * minute;
  await assert.rejects(hub.execute('refresh', { refreshToken: pair.refreshToken }, nobody), {
    code: 'unauthenticated',
  });
});

test('signing out ends the access and the refresh token at once', async () => {
  const { email } = await newMember();
  const pair = await signIn(email);
  const actor = await actorOf(hub, pair.accessToken);
  assert.ok(actor);
  await hub.execute('logout', {}, actor);
  assert.equal(await actorOf(hub, pair.accessToken), null);
  await assert.rejects(hub.execute('refresh', { refreshToken: pair.refreshToken }, nobody), {
    code: 'unauthenticated',
  });
});

test('an unknown address and a wrong password are answered alike, the slowing down included', async () => {
  const { email } = await newMember();
  const answers = async (address: string) => {
    const said: unknown[] = [];
    for (let guess = 0; guess < 8; guess++) {
      const problem: unknown = await signIn(address, 'wrong').catch((error: unknown) => error);
      const { code, message, details } = problem as { code: string; message: string; details: unknown };
      said.push({ code, message, details });
    }
    return said;
  };
  const known = await answers(email);
  assert.deepEqual(await answers('nobody.there@example.com'), known);
  assert.deepEqual(
    known.map((one) => (one as { code: string }).code),
    [...Array<string>(5).fill('invalid_credentials'), ...Array<string>(3).fill('too_many_attempts')],
  );
});

test('after too many failures even the right password waits; each further failure doubles the wait', async () => {
  const { email } = await newMember();
  const fail = () => assert.rejects(signIn(email, 'wrong'), { code: 'invalid_credentials' });
  for (let failures = 0; failures < 4; failures++) await fail();
  const waits: number[] = [];
  for (let failures = 0; failures < 4; failures++) {
    await fail();
    const refused: unknown = await signIn(email).catch((error: unknown) => error);
    const { retryAfter } = (refused as { details: { retryAfter: number } }).details;
    waits.push(retryAfter);
    hub.ambient.clock.time += retryAfter * second;
  }
  assert.deepEqual(waits, [2, 4, 8, 16]);
  assert.ok((await signIn(email)).accessToken);
  await fail();
  assert.ok((await signIn(email)).accessToken);
});

test('guesses made at once are counted one by one', async () => {
  const { email } = await newMember();
  const guesses = await Promise.allSettled(Array.from({ length: 12 }, () => signIn(email, 'wrong')));
  const looked = guesses.filter(
    (guess) => guess.status === 'rejected' && (guess.reason as { code: string }).code === 'invalid_credentials',
  );
  assert.equal(looked.length, 5);
});

test('an address that guesses through many names is slowed down too', async () => {
  const from = somebody();
  for (let guess = 0; guess < 50; guess++) {
    await assert.rejects(signIn(`guess${guess}@example.com`, 'wrong', from), { code: 'invalid_credentials' });
  }
  await assert.rejects(signIn('guess99@example.com', 'wrong', from), { code: 'too_many_attempts' });
});

test('a disabled member cannot sign in, and what they hold stops at once', async () => {
  const admin = await newMember('admin');
  const organization = organizationOf(admin);
  const member = await hub.addMember(organization, 'member', true);
  const pair = await signIn(member.email);
  const actor = await actorOf(hub, pair.accessToken);
  assert.ok(actor);
  const { token } = await hub.execute('createToken', { name: 'x' }, actor);
  assert.ok(await hub.identities.identify(token));
  await hub.execute('updateMember', { id: member.id, disabled: true }, admin);
  assert.equal(await hub.identities.identify(token), null);
  assert.equal(await actorOf(hub, pair.accessToken), null);
  await assert.rejects(signIn(member.email), { code: 'invalid_credentials' });
  await hub.execute('updateMember', { id: member.id, disabled: false }, admin);
  assert.ok(await hub.identities.identify(token));
  assert.equal(await actorOf(hub, pair.accessToken), null);
});

test('a revoked token, a changed role and a changed team hold from the next message on', async () => {
  const admin = await newMember('admin');
  const member = await hub.addMember(organizationOf(admin), 'member', true);
  const made = await hub.execute('createToken', { name: 'x' }, { ...nobody, caller: member.caller });
  const caller = async () => (await hub.identities.identify(made.token)) as Caller | null;
  assert.deepEqual([(await caller())?.role, (await caller())?.teams], ['member', []]);
  await hub.execute('updateMember', { id: member.id, role: 'admin' }, admin);
  assert.equal((await caller())?.role, 'admin');
  const team = await hub.execute('createTeam', { name: 'team', members: [member.id] }, admin);
  assert.deepEqual((await caller())?.teams, [team.id]);
  await hub.execute('revokeToken', { id: made.id }, admin);
  assert.equal(await caller(), null);
});

test('an expired token is nobody’s', async () => {
  const member = await newMember();
  const expiresAt = new Date(hub.ambient.clock.time + minute).toISOString();
  const { token } = await hub.execute('createToken', { name: 'x', expiresAt }, member);
  assert.ok(await hub.identities.identify(token));
  hub.ambient.clock.time += minute;
  assert.equal(await hub.identities.identify(token), null);
  await assert.rejects(hub.execute('createToken', { name: 'y', expiresAt }, member), { code: 'invalid_params' });
});

test('changing the password ends every other sign-in of the member, and only after the current one was given', async () => {
  const { email } = await newMember();
  const here = await signIn(email);
  const there = await signIn(email);
  const actor = await actorOf(hub, here.accessToken);
  assert.ok(actor);
  const wrong = hub.execute('changePassword', { current: 'not this one', password: 'another battery' }, actor);
  await assert.rejects(wrong, { code: 'invalid_params' });
  await hub.execute('changePassword', { current: password, password: 'another battery' }, actor);
  assert.ok(await actorOf(hub, here.accessToken));
  assert.equal(await actorOf(hub, there.accessToken), null);
  await assert.rejects(signIn(email), { code: 'invalid_credentials' });
  assert.ok((await signIn(email, 'another battery')).accessToken);
});

test('an invitation works once: it sets the password and signs in', async () => {
  const admin = await newMember('admin');
  const invited = await hub.execute('createMember', { email: `i${addresses}@example.com`, name: 'New' }, admin);
  assert.equal(invited.status, 'invited');
  assert.match(invited.invitation?.url ?? '', /^http:\/\/hub\.test\/welcome#link=mcpl_/);
  const link = linkOf(invited.invitation?.url);
  const checked = await hub.execute('checkLink', { link }, nobody);
  assert.deepEqual([checked.purpose, checked.email, checked.organization], ['invite', invited.email, 'Test']);
  const pair = await hub.execute('acceptLink', { link, password }, nobody);
  assert.equal((await me(await actorOf(hub, pair.accessToken))).member.status, 'active');
  await assert.rejects(hub.execute('acceptLink', { link, password }, nobody), { code: 'not_found' });
  await assert.rejects(hub.execute('checkLink', { link }, nobody), { code: 'not_found' });
});

test('a link for a new password ends what the member was signed in with, and replaces earlier links', async () => {
  const admin = await newMember('admin');
  const member = await hub.addMember(organizationOf(admin), 'member', true);
  const pair = await signIn(member.email);
  const earlier = linkOf((await hub.execute('inviteAgain', { id: member.id }, admin)).url);
  const link = linkOf((await hub.execute('inviteAgain', { id: member.id }, admin)).url);
  assert.equal((await hub.execute('checkLink', { link }, nobody)).purpose, 'reset');
  await assert.rejects(hub.execute('acceptLink', { link: earlier, password }, nobody), { code: 'not_found' });
  await hub.execute('acceptLink', { link, password: 'another battery' }, nobody);
  assert.equal(await actorOf(hub, pair.accessToken), null);
});

test('a link is too old after its time', async () => {
  const admin = await newMember('admin');
  const { url } = await hub.execute('inviteAgain', { id: admin.id }, admin);
  hub.ambient.clock.time += 25 * 60 * minute;
  await assert.rejects(hub.execute('checkLink', { link: linkOf(url) }, nobody), { code: 'not_found' });
});

test('the setup link makes the prepared member the first admin, once', async () => {
  const organization = await hub.addOrganization();
  const first = await hub.addMember(organization, 'admin');
  const { clock, random } = hub.ambient;
  await writeSetup(hub.stores.settings, { organization, member: first.id, completed: false }, clock.time);
  const order = { purpose: 'setup', owner: null, url: 'http://hub.test', now: clock.time, random } as const;
  const [link, other] = [await makeLink(hub.stores.links, order), await makeLink(hub.stores.links, order)].map(
    ({ url }) => linkOf(url),
  ) as [string, string];
  const taken = await newMember();
  const input = { link, name: 'Ada', email: 'ada@example.com', password, organization: 'Analytical' };
  await assert.rejects(hub.execute('setUp', { ...input, email: taken.email }, nobody), { code: 'conflict' });
  const pair = await hub.execute('setUp', input, nobody);
  const shown = await me(await actorOf(hub, pair.accessToken));
  assert.deepEqual(
    [shown.member.id, shown.member.email, shown.organization.name],
    [first.id, 'ada@example.com', 'Analytical'],
  );
  assert.equal((await readSetup(hub.stores.settings))?.completed, true);
  await assert.rejects(hub.execute('setUp', { ...input, link: other }, nobody), { code: 'already_set_up' });
});

test('what is stored of tokens, links and sign-ins opens nothing', async () => {
  const member = await newMember();
  const pair = await signIn(member.email);
  const { token } = await hub.execute('createToken', { name: 'x' }, member);
  const { rows } = await hub.database.pool.query<{ dump: string }>(`
    select string_agg(t::text, ' ') as dump from (
      select to_jsonb(tokens) from tokens union all select to_jsonb(access_tokens) from access_tokens
      union all select to_jsonb(refresh_tokens) from refresh_tokens union all select to_jsonb(members) from members
    ) as t`);
  const dump = rows[0]?.dump ?? '';
  assert.ok(dump.includes(hashOf(token).toString('hex')));
  for (const secret of [token, pair.accessToken, pair.refreshToken, password]) assert.ok(!dump.includes(secret));
});

function linkOf(url: string | undefined): string {
  return /#link=(.+)$/.exec(url ?? '')?.[1] ?? assert.fail('there is no link');
}

function organizationOf({ caller }: Actor) {
  return caller?.organization ?? assert.fail('nobody is signed in');
}

test('a link that is none costs no hashing, so that strangers cannot keep members from signing in', async () => {
  const { email } = await newMember();
  const bad = Array.from({ length: 150 }, (_, index) =>
    hub
      .execute(
        index % 2 ? 'acceptLink' : 'setUp',
        { link: `mcpl_${index}`, password, name: 'x', email } as never,
        nobody,
      )
      .then(
        () => 'done',
        (error: { code?: string }) => error.code,
      ),
  );
  const [codes, { accessToken }] = await Promise.all([Promise.all(bad), signIn(email)]);
  assert.ok(accessToken);
  assert.deepEqual([...new Set(codes)].toSorted(), ['invalid_params', 'not_found']);
});
