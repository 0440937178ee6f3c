import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IdentityProviderId } from '@mcpvault/domain/ids';
import type { IdentityProvider } from './identity-providers-store.ts';
import { fails, openStoresUnderTest } from './testing/stores-under-test.ts';

const { ours, stores, theirs, unique } = await openStoresUnderTest();

function provider(organization: IdentityProvider['organization'], domains: readonly string[]): IdentityProvider {
  const name = unique('provider');
  return {
    id: `idp_${name.replaceAll('-', '')}` as IdentityProviderId,
    organization,
    name,
    issuer: 'https://id.example.com',
    clientId: 'mcpvault',
    clientSecret: { key: 'key_1', sealed: Buffer.from('sealed') },
    enabled: true,
    rules: {
      domains,
      scopes: ['openid'],
      groupsClaim: 'groups',
      createMembers: true,
      linkMembers: true,
      trustEmails: false,
      trustSecondFactor: false,
      role: 'member',
      mappings: [],
    },
    createdAt: 1,
    updatedAt: 1,
  };
}

test('a domain is one organization’s until none of its providers speaks for it', async () => {
  const first = provider(ours.organization, ['one.example']);
  const second = provider(ours.organization, ['one.example']);
  const stranger = provider(theirs.organization, ['one.example']);
  await stores.identityProviders.create(first);
  await stores.identityProviders.create(second);
  await assert.rejects(stores.identityProviders.create(stranger), fails('not_found', /belongs to another/));
  const found = await stores.identityProviders.forDomain('one.example');
  assert.deepEqual(
    found.map(({ id }) => id),
    [first.id, second.id],
  );
  await stores.identityProviders.remove(ours.organization, first.id);
  const moved = { ...second, rules: { ...second.rules, domains: ['two.example'] } };
  assert.equal(await stores.identityProviders.update(moved), true);
  const heir = provider(theirs.organization, ['one.example']);
  await stores.identityProviders.create(heir);
  assert.deepEqual(await stores.identityProviders.byId(theirs.organization, heir.id), heir);
});

test('nothing of another organization’s providers can be read or changed', async () => {
  const own = provider(theirs.organization, []);
  await stores.identityProviders.create(own);
  assert.equal(await stores.identityProviders.byId(ours.organization, own.id), null);
  assert.equal(await stores.identityProviders.remove(ours.organization, own.id), false);
  assert.equal(await stores.identityProviders.update({ ...own, organization: ours.organization }), false);
  const link = { organization: ours.organization, provider: own.id, subject: 's', member: ours.member };
  await assert.rejects(stores.identityProviders.link(link, 1), fails('not_found', /does not exist/));
});

test('somebody of a provider is one member, and a member one somebody there', async () => {
  const own = provider(ours.organization, []);
  await stores.identityProviders.create(own);
  const identity = { organization: ours.organization, provider: own.id, subject: 'ada', member: ours.member };
  await stores.identityProviders.link(identity, 1);
  await assert.rejects(
    stores.identityProviders.link({ ...identity, subject: 'other' }, 1),
    fails('conflict', /somebody else/),
  );
  await assert.rejects(
    stores.identityProviders.link({ ...identity, member: ours.admin }, 1),
    fails('conflict', /exists/),
  );
  assert.deepEqual(await stores.identityProviders.identity(own.id, 'ada'), identity);
  assert.deepEqual(await stores.identityProviders.identitiesOf(ours.member), [identity]);
  assert.equal((await stores.identityProviders.counts(ours.organization)).get(own.id), 1);
  assert.equal((await stores.members.byId(ours.organization, ours.member))?.isLinked, true);
  await stores.identityProviders.remove(ours.organization, own.id);
  assert.equal(await stores.identityProviders.identity(own.id, 'ada'), null);
  assert.equal((await stores.members.byId(ours.organization, ours.member))?.isLinked, false);
});

test('a member who goes leaves neither identities nor passkeys behind', async () => {
  const own = provider(ours.organization, []);
  await stores.identityProviders.create(own);
  const { organization } = ours;
  const member = 'mem_leaver' as const;
  const rest = { email: 'leaver@example.test', name: 'L', role: 'member' as const, passwordHash: null, createdAt: 1 };
  await stores.members.create({ id: member, organization, ...rest });
  await stores.identityProviders.link({ organization, provider: own.id, subject: 'l', member }, 1);
  const passkey = {
    ...{ id: 'pky_1' as const, organization, member, credential: 'abc', publicKey: Buffer.from('k'), counter: 0 },
    ...{ transports: ['usb'], backedUp: false, name: 'Key', createdAt: 1 },
  };
  await stores.passkeys.add(passkey);
  await assert.rejects(stores.passkeys.add({ ...passkey, id: 'pky_2' }), fails('conflict', /registered already/));
  assert.equal((await stores.members.byId(organization, member))?.hasSecondFactor, true);
  await stores.secondFactors.setRecoveryCodes(member, [Buffer.from('code')]);
  await stores.members.remove(organization, member, 2);
  assert.deepEqual(await stores.passkeys.of(member), []);
  assert.equal(await stores.identityProviders.identity(own.id, 'l'), null);
  assert.equal(await stores.secondFactors.recoveryCodesLeft(member), 0);
});

test('what is remembered between two steps is good once, for its purpose, and for its time', async () => {
  const { signInStates } = stores;
  const hash = Buffer.from(unique('state'));
  const state = {
    hash,
    purpose: 'passkey' as const,
    organization: null,
    member: null,
    detail: { a: 1 },
    expiresAt: 100,
  };
  assert.equal(await signInStates.keep(state), true);
  assert.equal(await signInStates.keep(state), false);
  assert.equal(await signInStates.take(hash, 'provider', 50), null);
  assert.equal(await signInStates.take(hash, 'passkey', 100), null);
  assert.deepEqual(await signInStates.find(hash, 'passkey', 50), state);
  const taken = await Promise.all([1, 2, 3].map(() => signInStates.take(hash, 'passkey', 50)));
  assert.deepEqual(
    taken.filter((one) => one !== null),
    [state],
  );
  await signInStates.keep(state);
  await signInStates.sweep(101);
  assert.equal(await signInStates.find(hash, 'passkey', 1), null);
});

test('a place is known for a while after it was used', async () => {
  const hash = Buffer.from(unique('place'));
  assert.equal(await stores.knownPlaces.isKnown(hash, 0), false);
  await stores.knownPlaces.remember(hash, 100);
  await stores.knownPlaces.remember(hash, 200);
  assert.equal(await stores.knownPlaces.isKnown(hash, 150), true);
  await stores.knownPlaces.sweep(201);
  assert.equal(await stores.knownPlaces.isKnown(hash, 0), false);
});
