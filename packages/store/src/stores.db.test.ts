import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import { transaction } from './stores.ts';
import { createSample } from './testing/sample.ts';
import { fails, openStoresUnderTest } from './testing/stores-under-test.ts';

const { ambient, database, newMember, ours, stores, unique } = await openStoresUnderTest();

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
