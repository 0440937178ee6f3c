import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SettingsStore } from '@mcpvault/store/settings-store';
import { byPassword } from '@mcpvault/store/testing/sample';
import type { SignIn } from '@mcpvault/store/sign-ins-store';
import { permissionsFrom } from '@mcpvault/domain/identity/role';
import type { Member } from '@mcpvault/store/members-store';
import type { Token } from '@mcpvault/store/tokens-store';
import { createIdentityCache, type IdentityCacheDeps } from './identity-cache.ts';
import { hashOf } from './credential.ts';

const token = `mcpv_${'a'.repeat(40)}`;
const access = `mcpa_${'b'.repeat(40)}`;

/** Stores that hold one member with one token and one sign-in, and count how often they are asked. */
function fakeStores() {
  const world = {
    asked: 0,
    hasSecondFactor: false,
    requireSecondFactor: false,
    role: 'member' as Member['role'],
    disabledAt: null as number | null,
    endsAt: null as number | null,
    revokedAt: null as number | null,
    tokenExpiresAt: null as number | null,
    accessExpiresAt: 10_000,
    /** Awaited by every read of a member. */
    delay: Promise.resolve(),
  };
  const member = (): Member => ({
    id: 'mem_1',
    organization: 'org_1',
    email: 'a@example.com',
    name: 'A',
    role: world.role,
    roleName: world.role,
    permissions: permissionsFrom([]),
    hasPassword: true,
    hasSecondFactor: world.hasSecondFactor,
    hasAuthenticator: world.hasSecondFactor,
    passkeys: 0,
    isLinked: false,
    kind: 'person',
    disabledAt: world.disabledAt,
    expiresAt: null,
    endsAt: world.disabledAt === null ? world.endsAt : 0,
    supervisor: null,
    owner: null,
    provisioning: { isKept: false, isDisabledThere: false, externalId: null, userName: null, profile: {} },
    createdAt: 0,
    lastSeenAt: null,
    teams: [{ id: 'team_1', name: 'T' }],
    reach: ['team_1', 'team_above'],
  });
  const stores = {
    settings: { get: async () => ({ requireSecondFactor: world.requireSecondFactor }) } as unknown as SettingsStore,
    tokens: {
      async byHash(hash: Buffer): Promise<Token | null> {
        world.asked++;
        if (!hash.equals(hashOf(token))) return null;
        const { revokedAt, tokenExpiresAt: expiresAt } = world;
        const owner = { id: 'mem_1', email: 'a@example.com' } as const;
        const rest = { name: 'x', prefix: 'mcpv_aaaa', createdAt: 0, lastUsedAt: null, replacedBy: null, scope: null };
        return { id: 'tok_1', organization: 'org_1', member: owner, ...rest, expiresAt, revokedAt };
      },
    },
    signIns: {
      async byAccess(hash: Buffer): Promise<(SignIn & { accessExpiresAt: number }) | null> {
        world.asked++;
        if (!hash.equals(hashOf(access))) return null;
        const { accessExpiresAt } = world;
        const signIn = { id: 'sin_1', organization: 'org_1', member: 'mem_1' } as const;
        return { ...signIn, ...byPassword, client: 'c', createdAt: 0, expiresAt: 1e9, accessExpiresAt };
      },
    },
    members: {
      async byId() {
        await world.delay;
        return member();
      },
    },
  };
  return { world, stores: stores as unknown as IdentityCacheDeps['stores'] };
}

function cache() {
  const { world, stores } = fakeStores();
  const clock = { time: 0, now: () => clock.time, micros: () => 0 };
  return { world, clock, identities: createIdentityCache({ stores, clock }) };
}

test('a credential seen lately is answered at once, by the same object', async () => {
  const { world, identities } = cache();
  const first = identities.identify(token);
  assert.ok(first instanceof Promise);
  const caller = await first;
  assert.deepEqual(caller, {
    organization: 'org_1',
    member: 'mem_1',
    email: 'a@example.com',
    role: 'member',
    permissions: permissionsFrom([]),
    teams: ['team_1', 'team_above'],
    token: 'tok_1',
  });
  assert.equal(identities.identify(token), caller);
  assert.equal(world.asked, 1);
});

test('many at once ask the database once', async () => {
  const { world, identities } = cache();
  await Promise.all(Array.from({ length: 20 }, async () => identities.identify(token)));
  assert.equal(world.asked, 1);
});

test('expiry is looked at each time, for tokens and access tokens', async () => {
  const { world, clock, identities } = cache();
  world.tokenExpiresAt = 5_000;
  assert.ok(await identities.identify(token));
  assert.equal((await identities.identity(access))?.signIn, 'sin_1');
  clock.time = 4_999;
  assert.ok(identities.identify(token));
  clock.time = 5_000;
  assert.equal(await identities.identify(token), null);
  clock.time = 9_999;
  assert.ok(identities.identify(access));
  clock.time = 10_000;
  assert.equal(identities.identify(access), null);
});

for (const [what, change] of [
  ['the token', { area: 'tokens', id: 'tok_1' }],
  ['the member', { area: 'members', id: 'mem_1' }],
  ['any member', { area: 'members', id: null }],
  ['a team', { area: 'teams', id: 'team_9' }],
] as const) {
  test(`a change of ${what} is felt at the next message`, async () => {
    const { world, identities } = cache();
    await identities.identify(token);
    world.disabledAt = 1;
    assert.ok(identities.identify(token));
    void identities.changed([{ organization: 'org_1', ...change }]);
    assert.equal(await identities.identify(token), null);
  });
}

test('changes elsewhere leave it in memory', async () => {
  const { world, identities } = cache();
  await identities.identify(token);
  void identities.changed([
    { organization: 'org_2', area: 'members', id: 'mem_1' },
    { organization: 'org_1', area: 'members', id: 'mem_2' },
    { organization: 'org_1', area: 'servers', id: null },
  ]);
  assert.ok(!(identities.identify(token) instanceof Promise));
  assert.equal(world.asked, 1);
});

test('what was read before a change is not remembered after it', async () => {
  const { world, identities } = cache();
  const { promise, resolve } = Promise.withResolvers<void>();
  world.delay = promise;
  const early = identities.identify(token);
  await new Promise((turn) => setImmediate(turn));
  void identities.changed([{ organization: 'org_1', area: 'tokens', id: 'tok_1' }]);
  resolve();
  await early;
  world.revokedAt = 1;
  assert.equal(await identities.identify(token), null);
});

test('strangers are remembered for a while only, and forgotten at any change', async () => {
  const { world, clock, identities } = cache();
  const stranger = `mcpv_${'z'.repeat(40)}`;
  assert.equal(await identities.identify(stranger), null);
  assert.equal(identities.identify(stranger), null);
  assert.equal(world.asked, 1);
  clock.time = 10_001;
  assert.equal(await identities.identify(stranger), null);
  assert.equal(world.asked, 2);
  void identities.changed([{ organization: 'org_1', area: 'tokens', id: 'tok_2' }]);
  assert.equal(await identities.identify(stranger), null);
  assert.equal(world.asked, 3);
});

test('what is no credential of ours is refused without asking anybody', () => {
  const { world, identities } = cache();
  for (const text of ['', 'mcpr_x', 'Bearer', 'a'.repeat(10_000), `mcpv_${'a'.repeat(5000)}`]) {
    assert.equal(identities.identify(text), null);
  }
  assert.equal(world.asked, 0);
});

test('after missed changes everything is asked again', async () => {
  const { world, identities } = cache();
  await identities.identify(token);
  world.revokedAt = 1;
  void identities.missed();
  assert.equal(await identities.identify(token), null);
});

test('what was used is handed over once, with the time', async () => {
  const { clock, identities } = cache();
  clock.time = 7;
  await identities.identify(token);
  await identities.identify(access);
  const used = identities.takeUsed();
  assert.deepEqual([[...used.tokens], [...used.members]], [[['tok_1', 7]], [['mem_1', 7]]]);
  assert.equal(identities.takeUsed().tokens.size, 0);
});

test('a sign-in without the second factor that is demanded reaches nothing but its setting up; tokens and others go on', async () => {
  const { world, identities } = cache();
  world.requireSecondFactor = true;
  assert.equal((await identities.identity(access))?.mustEnrol, true);
  assert.equal(await identities.identify(access), null);
  assert.equal((await identities.identify(token))?.member, 'mem_1');
  world.hasSecondFactor = true;
  await identities.changed([{ organization: 'org_1', area: 'members', id: 'mem_1' }]);
  assert.equal((await identities.identity(access))?.mustEnrol, false);
  assert.equal((await identities.identify(access))?.member, 'mem_1');
});
