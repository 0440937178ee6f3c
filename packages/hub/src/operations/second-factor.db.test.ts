import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TOTP } from 'otpauth';
import type { Actor } from '../actor.ts';
import { hashOf } from '../auth/credential.ts';
import { actorOf, createTestHub, nobody, password, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

const period = 30_000;

async function world(role: 'admin' | 'member' = 'member') {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const ada = role === 'admin' ? admin : await hub.addMember(organization, 'member', true);
  const { secret, uri } = await hub.execute('startSecondFactor', {}, ada);
  const codeOf = (timestamp = hub.ambient.clock.now()) => new TOTP({ secret }).generate({ timestamp });
  const signIn = (code?: string) => hub.execute('login', { email: ada.email, password, code }, nobody);
  return { organization, admin, ada, uri, codeOf, signIn };
}

/** The same, with the authenticator confirmed, and a moment at which its next code is fresh. */
async function enrolled(role: 'admin' | 'member' = 'member') {
  const begun = await world(role);
  const { recoveryCodes } = await hub.execute('confirmSecondFactor', { code: begun.codeOf() }, begun.ada);
  hub.ambient.clock.time += period;
  return { ...begun, recoveryCodes };
}

async function as(accessToken: string): Promise<Actor> {
  const actor = await actorOf(hub, accessToken);
  assert.ok(actor);
  return actor;
}

test('an authenticator counts once a code has confirmed it, and from then on a code is asked for', async () => {
  const { ada, uri, codeOf, signIn } = await world();
  assert.match(uri, /^otpauth:\/\/totp\/MCPVault:/);
  assert.ok((await signIn()).accessToken, 'not yet confirmed');
  await assert.rejects(hub.execute('confirmSecondFactor', { code: '000000' }, ada), { code: 'invalid_params' });
  const { recoveryCodes } = await hub.execute('confirmSecondFactor', { code: codeOf() }, ada);
  assert.equal(new Set(recoveryCodes).size, 10);
  await assert.rejects(signIn(), { code: 'second_factor_required' });
  await assert.rejects(hub.execute('startSecondFactor', {}, ada), { code: 'conflict' });
  hub.ambient.clock.time += period;
  const { accessToken } = await signIn(codeOf());
  const me = await hub.execute('me', {}, await as(accessToken));
  const { isSetUp, isRequired, recoveryCodesLeft } = me.secondFactor;
  assert.deepEqual([isSetUp, isRequired, recoveryCodesLeft], [true, false, 10]);
});

test('no code works twice, however many ask at once', async () => {
  const { codeOf, signIn, recoveryCodes } = await enrolled();
  const results = await Promise.allSettled(Array.from({ length: 4 }, () => signIn(codeOf())));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  await assert.rejects(signIn(codeOf(hub.ambient.clock.now() - period)), { code: 'invalid_credentials' });
  const recovery = recoveryCodes[3]?.toUpperCase();
  assert.ok((await signIn(recovery)).accessToken);
  await assert.rejects(signIn(recovery), { code: 'invalid_credentials' });
});

test('clocks may differ by a period, not by more', async () => {
  const { codeOf, signIn } = await enrolled();
  await assert.rejects(signIn(codeOf(hub.ambient.clock.now() + 2 * period)), { code: 'invalid_credentials' });
  assert.ok((await signIn(codeOf(hub.ambient.clock.now() + period))).accessToken);
});

test('guessing codes gets slow like guessing passwords', async () => {
  const { signIn } = await enrolled();
  const codes: string[] = [];
  for (let guess = 0; guess < 8; guess += 1) {
    await signIn(`00000${guess}`).catch((error: { code: string }) => codes.push(error.code));
  }
  assert.deepEqual([codes[0], codes.at(-1)], ['invalid_credentials', 'too_many_attempts']);
});

test('a link for a new password does not stand in for the second factor', async () => {
  const { ada, organization, codeOf } = await enrolled();
  const link = 'mcpl_reset';
  const now = hub.ambient.clock.now();
  const owner = { organization, member: ada.id, purpose: 'reset' } as const;
  await hub.stores.links.create({ hash: hashOf(link), ...owner, createdAt: now, expiresAt: now + 60_000 });
  const accept = (code?: string) => hub.execute('acceptLink', { link, password: 'another battery', code }, nobody);
  await assert.rejects(accept(), { code: 'second_factor_required' });
  await assert.rejects(accept('000000'), { code: 'invalid_credentials' });
  assert.ok((await accept(codeOf())).accessToken);
});

test('one’s own is given up with a code, another’s is reset by who has all that they have', async () => {
  const { admin, ada, codeOf, signIn } = await enrolled();
  await assert.rejects(hub.execute('removeSecondFactor', { code: '000000' }, ada), { code: 'invalid_params' });
  const { accessToken } = await signIn(codeOf());
  await hub.execute('resetSecondFactor', { id: ada.id }, admin);
  assert.equal(await actorOf(hub, accessToken), null, 'their sign-ins have ended');
  assert.ok((await signIn()).accessToken);
  const other = await enrolled();
  await hub.execute('removeSecondFactor', { code: other.codeOf() }, other.ada);
  assert.ok((await other.signIn()).accessToken);
});

test('an organization that demands one lets others only set it up, and nobody locks themselves out', async () => {
  const { admin, organization, codeOf, signIn } = await enrolled('admin');
  const bob = await hub.addMember(organization, 'member', true);
  const before = await hub.execute('login', { email: bob.email, password }, nobody);
  const boss = await as((await signIn(codeOf())).accessToken);
  await hub.execute('updateSecurity', { requireSecondFactor: true }, boss);
  const actor = await as(before.accessToken);
  assert.equal(actor.mustEnrol, true);
  await assert.rejects(hub.execute('createToken', { name: 'x' }, actor), { code: 'forbidden' });
  await assert.rejects(hub.execute('listMessages', {}, actor), { code: 'forbidden' });
  assert.deepEqual((await hub.execute('me', {}, actor)).secondFactor.isRequired, true);
  const { secret } = await hub.execute('startSecondFactor', {}, actor);
  const code = new TOTP({ secret }).generate({ timestamp: hub.ambient.clock.now() });
  await hub.execute('confirmSecondFactor', { code }, actor);
  assert.ok((await hub.execute('createToken', { name: 'x' }, await as(before.accessToken))).token);
  const elsewhere = await world('admin');
  await assert.rejects(hub.execute('updateSecurity', { requireSecondFactor: true }, elsewhere.admin), {
    code: 'conflict',
  });
  assert.equal((await hub.execute('getSecurity', {}, admin)).requireSecondFactor, true);
});

test('neither secrets nor codes lie readable in the database, or in the audit log', async () => {
  const { organization, recoveryCodes, uri } = await enrolled();
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const { rows } = await hub.database.pool.query('select * from second_factors, recovery_codes');
  const { items } = await hub.stores.audit.list(organization, { limit: 200 });
  const dump = JSON.stringify([rows, items]);
  const raw = Buffer.from(new TOTP({ secret }).secret.buffer).toString('hex');
  for (const hidden of [secret, raw, ...recoveryCodes]) assert.equal(dump.includes(hidden), false);
});
