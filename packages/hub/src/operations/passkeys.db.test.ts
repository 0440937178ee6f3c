import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TOTP } from 'otpauth';
import type { Actor } from '../actor.ts';
import { createSoftAuthenticator, type SoftAuthenticator, type Wrong } from '../testing/soft-authenticator.ts';
import { actorOf, createTestHub, nobody, password, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

const origin = 'https://hub.test';

async function add(actor: Actor, authenticator: SoftAuthenticator, more: object = { password }, wrong: Wrong = {}) {
  const { options } = await hub.execute('startPasskey', more, actor);
  const credential = authenticator.create(options, wrong);
  return hub.execute('addPasskey', { name: 'Laptop', credential }, actor);
}

async function proof(authenticator: SoftAuthenticator, wrong: Wrong = {}) {
  const { options } = await hub.execute('startPasskeySignIn', {}, nobody);
  return authenticator.prove(options, wrong);
}

async function signIn(authenticator: SoftAuthenticator, wrong: Wrong = {}) {
  return hub.execute('finishPasskeySignIn', { passkey: await proof(authenticator, wrong) }, nobody);
}

async function world() {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const ada = await hub.addMember(organization, 'member', true);
  const authenticator = createSoftAuthenticator(origin);
  const { passkey, recoveryCodes } = await add(ada, authenticator);
  return { organization, admin, ada, authenticator, passkey, recoveryCodes: recoveryCodes ?? [] };
}

test('a passkey signs in by itself, counts as second factor, and says when it was used', async () => {
  const { ada, authenticator, recoveryCodes } = await world();
  assert.equal(recoveryCodes.length, 10);
  hub.ambient.clock.time += 1000;
  const { accessToken } = await signIn(authenticator);
  const actor = await actorOf(hub, accessToken);
  assert.ok(actor);
  const me = await hub.execute('me', {}, actor);
  assert.deepEqual([me.member.id, me.member.hasSecondFactor, me.secondFactor.passkeys], [ada.id, true, 1]);
  const { items } = await hub.execute('listPasskeys', {}, actor);
  assert.deepEqual(items[0]?.lastUsedAt, new Date(hub.ambient.clock.time).toISOString());
  const { items: signIns } = await hub.execute('listSignIns', {}, actor);
  assert.equal(signIns[0]?.method, 'passkey');
});

test('after the password a passkey is as good as a code, and a recovery code stands in for it', async () => {
  const { ada, authenticator, recoveryCodes } = await world();
  const login = (more: object = {}) => hub.execute('login', { email: ada.email, password, ...more }, nobody);
  await assert.rejects(login(), { code: 'second_factor_required' });
  assert.ok((await login({ passkey: await proof(authenticator) })).accessToken);
  assert.ok((await login({ code: recoveryCodes[0] })).accessToken);
  await assert.rejects(login({ code: recoveryCodes[0] }), { code: 'invalid_credentials' });
  const other = await world();
  await assert.rejects(login({ passkey: await proof(other.authenticator) }), { code: 'invalid_credentials' });
});

const attacks: Readonly<Record<string, Wrong>> = {
  'made for another origin (phishing)': { origin: 'https://hub.test.evil.example' },
  'made for another relying party': { rpId: 'evil.example' },
  'with a challenge that nobody gave out': { challenge: 'bWFkZS11cC1jaGFsbGVuZ2UtZm9yLXRlc3Rz' },
  'without its owner being asked': { verified: false },
  'that answers another question': { type: 'webauthn.create' },
  'in the name of another member': { userHandle: Buffer.from('mem_other').toString('base64url') },
  'whose signature was changed': { tampered: true },
};

for (const [name, wrong] of Object.entries(attacks)) {
  test(`refused: a proof ${name}`, async () => {
    const { authenticator } = await world();
    await assert.rejects(signIn(authenticator, wrong), { code: 'invalid_credentials' });
    assert.ok((await signIn(authenticator)).accessToken, 'and it goes on working');
  });
}

test('refused: a proof shown twice, too late, or by a copy that counts otherwise', async () => {
  const { authenticator } = await world();
  const shown = await proof(authenticator);
  const show = () => hub.execute('finishPasskeySignIn', { passkey: shown }, nobody);
  const results = await Promise.allSettled([show(), show(), show()]);
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  const late = await proof(authenticator);
  hub.ambient.clock.time += 301_000;
  await assert.rejects(hub.execute('finishPasskeySignIn', { passkey: late }, nobody), { code: 'invalid_credentials' });
  await signIn(authenticator);
  authenticator.counter = 0;
  await assert.rejects(signIn(authenticator), { code: 'invalid_credentials' });
});

test('refused: to add one that was made elsewhere, for somebody else, or without its owner being asked', async () => {
  const { organization } = await world();
  const bob = await hub.addMember(organization, 'member', true);
  const eve = await hub.addMember(organization, 'member', true);
  const wrongs: Wrong[] = [{ origin: 'https://evil.example' }, { rpId: 'evil.example' }, { verified: false }];
  for (const wrong of [...wrongs, { type: 'webauthn.get' }, { challenge: 'bWFkZS11cA' }]) {
    const adding = add(bob, createSoftAuthenticator(origin), { password }, wrong);
    await assert.rejects(adding, { code: 'invalid_params' }, JSON.stringify(wrong));
  }
  const { options } = await hub.execute('startPasskey', { password }, eve);
  const credential = createSoftAuthenticator(origin).create(options);
  const adding = hub.execute('addPasskey', { name: 'x', credential }, bob);
  await assert.rejects(adding, { code: 'invalid_params' });
  assert.deepEqual((await hub.execute('listPasskeys', {}, bob)).items, []);
});

test('adding and removing take proof: an access token alone makes nobody at home', async () => {
  const { organization, ada, authenticator, passkey } = await world();
  const bob = await hub.addMember(organization, 'member', true);
  await assert.rejects(add(bob, createSoftAuthenticator(origin), {}), { code: 'invalid_params', message: /password/ });
  await assert.rejects(add(bob, createSoftAuthenticator(origin), { password: 'wrong' }), { code: 'invalid_params' });
  await assert.rejects(add(ada, createSoftAuthenticator(origin)), { code: 'invalid_params', message: /second factor/ });
  const second = createSoftAuthenticator(origin);
  const added = await add(ada, second, { passkey: await proof(authenticator) });
  assert.equal(added.recoveryCodes, null, 'there are some already');
  const remove = async (more: object) => hub.execute('removePasskey', { id: passkey.id, ...more }, ada);
  await assert.rejects(remove({}), { code: 'invalid_params' });
  await assert.rejects(hub.execute('removePasskey', { id: passkey.id, password }, bob), { code: 'not_found' });
  await remove({ passkey: await proof(second) });
  await assert.rejects(signIn(authenticator), { code: 'invalid_credentials' });
  const renamed = await hub.execute('renamePasskey', { id: added.passkey.id, name: 'Key ring' }, ada);
  assert.equal(renamed.name, 'Key ring');
  await hub.execute('removePasskey', { id: added.passkey.id, passkey: await proof(second) }, ada);
  assert.ok((await hub.execute('login', { email: ada.email, password }, nobody)).accessToken);
  assert.equal(await hub.stores.secondFactors.recoveryCodesLeft(ada.id), 0);
});

test('guessing while adding gets slow, and what others guess outside does not slow it', async () => {
  const { organization } = await world();
  const bob = await hub.addMember(organization, 'member', true);
  for (let guess = 0; guess < 7; guess += 1) {
    await hub.execute('login', { email: bob.email, password: 'wrong' }, nobody).catch(() => undefined);
  }
  const codes: string[] = [];
  for (let guess = 0; guess < 7; guess += 1) {
    const adding = add(bob, createSoftAuthenticator(origin), { password: 'wrong' });
    await adding.catch((error: { code: string }) => codes.push(error.code));
  }
  assert.deepEqual([codes[0], codes.at(-1)], ['invalid_params', 'too_many_attempts']);
});

test('a passkey alone meets the demand for a second factor, and an admin takes a lost one away', async () => {
  const { organization, admin, ada, authenticator } = await world();
  const own = createSoftAuthenticator(origin);
  await add(admin, own);
  const boss = await actorOf(hub, (await signIn(own)).accessToken);
  assert.ok(boss);
  await hub.execute('updateSecurity', { requireSecondFactor: true }, boss);
  const bob = await hub.addMember(organization, 'member', true);
  const { accessToken } = await hub.execute('login', { email: bob.email, password }, nobody);
  const limited = await actorOf(hub, accessToken);
  assert.equal(limited?.mustEnrol, true);
  await add(limited ?? nobody, createSoftAuthenticator(origin));
  assert.equal((await actorOf(hub, accessToken))?.mustEnrol, false);
  await hub.execute('resetSecondFactor', { id: ada.id }, boss);
  await assert.rejects(signIn(authenticator), { code: 'invalid_credentials' });
});

test('of an authenticator app and passkeys, each may go without the recovery codes of the other', async () => {
  const { ada, authenticator, passkey } = await world();
  const { secret } = await hub.execute('startSecondFactor', {}, ada);
  const code = () => new TOTP({ secret }).generate({ timestamp: (hub.ambient.clock.time += 30_000) });
  await hub.execute('confirmSecondFactor', { code: code() }, ada);
  await hub.execute('removePasskey', { id: passkey.id, code: code() }, ada);
  assert.equal(await hub.stores.secondFactors.recoveryCodesLeft(ada.id), 10);
  const second = createSoftAuthenticator(origin);
  await add(ada, second, { code: code() });
  await hub.execute('removeSecondFactor', { code: code() }, ada);
  assert.equal(await hub.stores.secondFactors.recoveryCodesLeft(ada.id), 10);
  assert.ok((await signIn(second)).accessToken);
  await assert.rejects(signIn(authenticator), { code: 'invalid_credentials' });
});

test('a disabled member’s passkey opens nothing', async () => {
  const { admin, ada, authenticator } = await world();
  await hub.execute('updateMember', { id: ada.id, disabled: true }, admin);
  await assert.rejects(signIn(authenticator), { code: 'invalid_credentials' });
});
