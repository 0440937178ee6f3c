import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SignInId } from '@mcpvault/domain/ids';
import fc from 'fast-check';
import type { SignIn, TokenPair } from './sign-ins-store.ts';
import { createStores, transaction } from './stores.ts';
import { byPassword, createSample, type Sample } from './testing/sample.ts';
import { openTestDatabase, testAmbient } from './testing/test-database.ts';

const database = await openTestDatabase();
const stores = createStores(database.kysely);
const { signIns } = stores;
const { ids } = testAmbient();
let sample: Sample;

before(async () => {
  sample = await createSample(stores, 'signing');
});

let made = 0;
function pair({ access = 1_000, refresh = 10_000 } = {}): TokenPair {
  made += 1;
  return {
    access: { hash: Buffer.from(`access-${made}`), expiresAt: access },
    refresh: { hash: Buffer.from(`refresh-${made}`), expiresAt: refresh },
  };
}

async function start(tokens: TokenPair, expiresAt = 100_000): Promise<SignIn> {
  const { organization, member } = sample;
  const signIn = {
    id: ids.next('sin'),
    organization,
    member,
    client: 'console',
    createdAt: 0,
    expiresAt,
    ...byPassword,
  };
  await signIns.start(signIn, tokens);
  return signIn;
}

test('an access token opens its sign-in until it expires', async () => {
  const tokens = pair();
  const signIn = await start(tokens);
  assert.deepEqual(await signIns.byAccess(tokens.access.hash, 999), { ...signIn, accessExpiresAt: 1_000 });
  assert.equal(await signIns.byAccess(tokens.access.hash, 1_000), null);
  assert.equal(await signIns.byAccess(Buffer.from('unknown'), 1), null);
});

test('a refresh token is good for one new pair', async () => {
  const [first, second] = [pair(), pair({ access: 2_000 })];
  const signIn = await start(first);
  assert.deepEqual(await signIns.rotate(first.refresh.hash, second, 500), { result: 'rotated', signIn });
  assert.equal((await signIns.byAccess(second.access.hash, 1_500))?.id, signIn.id);
  assert.equal((await signIns.rotate(second.refresh.hash, pair(), 600)).result, 'rotated');
});

test('a refresh token shown twice ends the whole sign-in, and the thief’s pair with it', async () => {
  const [first, stolen, late] = [pair(), pair(), pair()];
  const signIn = await start(first);
  await signIns.rotate(first.refresh.hash, stolen, 500);
  assert.deepEqual(await signIns.rotate(first.refresh.hash, late, 600), { result: 'reused', signIn });
  for (const tokens of [first, stolen, late]) {
    assert.equal(await signIns.byAccess(tokens.access.hash, 700), null);
    assert.deepEqual(await signIns.rotate(tokens.refresh.hash, pair(), 700), { result: 'unknown' });
  }
});

test('of two who show the same refresh token at once, at most one goes on', async () => {
  const first = pair();
  await start(first);
  const rotations = await Promise.all(
    [pair(), pair(), pair()].map((next) =>
      transaction(database, (own) => own.signIns.rotate(first.refresh.hash, next, 500)),
    ),
  );
  assert.deepEqual(rotations.map(({ result }) => result).toSorted(), ['reused', 'rotated', 'unknown']);
});

test('a refresh token that expired, or whose sign-in did, is unknown and ends nothing', async () => {
  const first = pair();
  await start(first);
  assert.deepEqual(await signIns.rotate(first.refresh.hash, pair(), 10_000), { result: 'unknown' });
  assert.ok(await signIns.byAccess(first.access.hash, 1));
  const other = pair();
  await start(other, 300);
  assert.deepEqual(await signIns.rotate(other.refresh.hash, pair(), 300), { result: 'unknown' });
});

test('a sign-in is ended once, alone or with all others of its member', async () => {
  const { organization, member } = await createSample(stores, 'ending');
  const begun: SignInId[] = [];
  for (let count = 0; count < 3; count += 1) {
    const id = ids.next('sin');
    await signIns.start(
      { id, organization, member, client: 'cli', createdAt: 0, expiresAt: 9_000, ...byPassword },
      pair(),
    );
    begun.push(id);
  }
  const [one, two, three] = begun;
  assert.ok(one && two && three);
  assert.equal(await signIns.revoke(sample.organization, one, 5), false);
  assert.equal(await signIns.revoke(organization, one, 5), true);
  assert.equal(await signIns.revoke(organization, one, 5), false);
  assert.deepEqual(await signIns.revokeAllOf(organization, member, 5, three), [two]);
  assert.deepEqual(await signIns.revokeAllOf(organization, member, 5), [three]);
});

test('what expired is forgotten, what is valid stays', async () => {
  const [old, current] = [pair(), pair({ access: 1e12, refresh: 1e12 })];
  await start(old, 200);
  const signIn = await start(current, 1e12);
  assert.ok((await signIns.sweep(1e9)) >= 1);
  assert.equal((await signIns.byAccess(current.access.hash, 1e10))?.id, signIn.id);
  assert.deepEqual(await signIns.rotate(old.refresh.hash, pair(), 1), { result: 'unknown' });
});

test('however a family of tokens is shown, its newest refresh token alone leads on, and any older one ends it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 8 }), async (choices) => {
      const shown = [pair({ refresh: 1e9 })];
      await start(shown[0] ?? pair());
      let ended = false;
      for (const choice of choices) {
        const newest = shown.length - 1;
        const picked = Math.min(choice, newest);
        const next = pair({ refresh: 1e9 });
        const { result } = await signIns.rotate(shown[picked]?.refresh.hash ?? Buffer.alloc(0), next, 100);
        assert.equal(result, ended ? 'unknown' : picked === newest ? 'rotated' : 'reused');
        if (result === 'rotated') shown.push(next);
        if (result === 'reused') ended = true;
      }
    }),
    { numRuns: 40 },
  );
});

test('the last used refresh token is good once more for a moment, in place of a successor that nobody has shown', async () => {
  const [first, lost, second] = [pair(), pair(), pair()];
  const signIn = await start(first);
  await signIns.rotate(first.refresh.hash, lost, 500, 100);
  assert.deepEqual(await signIns.rotate(first.refresh.hash, second, 560, 100), { result: 'replaced', signIn });
  assert.equal(await signIns.byAccess(lost.access.hash, 570), null);
  assert.ok(await signIns.byAccess(second.access.hash, 570));
  assert.equal((await signIns.rotate(second.refresh.hash, pair(), 570, 100)).result, 'rotated');
});

test('the moment passes, comes once, and is over as soon as the successor was shown', async () => {
  const answers = async (...steps: readonly [shown: number, at: number][]) => {
    const shown = [pair()];
    await start(shown[0] ?? pair());
    const results: string[] = [];
    for (const [index, at] of steps) {
      const next = pair();
      results.push((await signIns.rotate(shown[index]?.refresh.hash ?? Buffer.alloc(0), next, at, 100)).result);
      shown.push(next);
    }
    return results;
  };
  assert.deepEqual(await answers([0, 500], [0, 600]), ['rotated', 'reused']);
  assert.deepEqual(await answers([0, 500], [0, 510], [0, 520]), ['rotated', 'replaced', 'reused']);
  assert.deepEqual(await answers([0, 500], [1, 510], [0, 520]), ['rotated', 'rotated', 'reused']);
  // A thief who takes the moment is noticed when its owner goes on with what the thief put out of use, and the reverse.
  assert.deepEqual(await answers([0, 500], [0, 510], [1, 520], [2, 530]), ['rotated', 'replaced', 'reused', 'unknown']);
});

test('a provider ends the sign-ins that began there: one by its name, all of a member, or all', async () => {
  const { organization, member } = await createSample(stores, 'from-provider');
  const begin = async (provider: 'idp_1' | 'idp_2' | null, providerSession: string | null) => {
    const id = ids.next('sin');
    const rest = { client: 'c', createdAt: 0, expiresAt: 9_000, method: 'provider' as const, secondFactor: false };
    await signIns.start({ id, organization, member, ...rest, provider, providerSession }, pair());
    return id;
  };
  const [one, two, elsewhere] = [await begin('idp_1', 's1'), await begin('idp_1', 's2'), await begin('idp_2', 's1')];
  await begin(null, null);
  assert.deepEqual(await signIns.revokeFrom('idp_1', { session: 's1' }, 5), [one]);
  assert.deepEqual(await signIns.revokeFrom('idp_1', { member: sample.member }, 5), []);
  assert.deepEqual(await signIns.revokeFrom('idp_1', { member }, 5), [two]);
  assert.deepEqual(await signIns.revokeFrom('idp_2', 'all', 5), [elsewhere]);
});
