import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Limit, Use } from '@mcpvault/domain/limits/limit';
import { openTestDatabase } from '@mcpvault/store/testing/test-database';
import { createTestHub, stdio, type TestHub } from '../testing/test-hub.ts';
import { until } from '../testing/until.ts';

let one: TestHub;
let two: TestHub;
before(async () => {
  const database = await openTestDatabase();
  one = await createTestHub(database);
  two = await createTestHub(database);
});
after(async () => {
  await one.stop();
  await two.stop();
});

async function world() {
  const organization = await one.addOrganization();
  const admin = await one.addMember(organization, 'admin');
  const server = await one.execute('createServer', { name: 'files', transport: stdio }, admin);
  const caller = { member: admin.id, teams: [], token: null };
  const use: Use = { caller, server: server.id, tool: 'read' };
  await two.limiter.load(organization);
  return { organization, admin, use };
}

/** As many calls as are let through. */
function callsThrough(hub: TestHub, organization: OrganizationId, use: Use, atMost: number): number {
  for (let made = 0; made < atMost; made++) {
    const applying = hub.limiter.applying(organization, use);
    if (applying?.states.some(({ standing }) => standing.left < 1)) return made;
    applying?.take();
  }
  return atMost;
}

async function bothSettle(): Promise<void> {
  await one.limiter.settle();
  await two.limiter.settle();
  await one.limiter.settle();
}

const draft = { name: 'all', subject: { type: 'organization' as const } };

test('a limit holds at once on the hub that made it, and on the other as soon as it hears of it', async () => {
  const { organization, admin, use } = await world();
  assert.equal(one.limiter.applying(organization, use), null);
  const limit = await one.execute('createLimit', { ...draft, calls: 3, per: 'hour' }, admin);
  assert.equal(callsThrough(one, organization, use, 10), 3);
  await until(() => two.limiter.applying(organization, use) !== null);
  await one.execute('updateLimit', { id: limit.id, enabled: false }, admin);
  assert.equal(one.limiter.applying(organization, use), null);
  await until(() => two.limiter.applying(organization, use) === null);
  await one.execute('removeLimit', { id: limit.id }, admin);
  assert.deepEqual((await one.execute('listLimits', {}, admin)).items, []);
});

for (const per of ['hour', 'day'] as const) {
  test(`what one hub let pass ${per === 'hour' ? 'at a rate' : 'of a quota'} is not there for the other`, async () => {
    const { organization, admin, use } = await world();
    await one.execute('createLimit', { ...draft, calls: 10, per }, admin);
    await until(() => two.limiter.applying(organization, use) !== null);
    assert.equal(callsThrough(one, organization, use, 6), 6);
    await one.limiter.settle();
    assert.equal(callsThrough(two, organization, use, 1), 1, 'it has not heard of any yet');
    await two.limiter.settle();
    assert.equal(callsThrough(two, organization, use, 10), 3);
    await bothSettle();
    assert.equal(callsThrough(one, organization, use, 10), 0);
    const [shown] = (await one.execute('listLimits', {}, admin)).items;
    assert.deepEqual([shown?.use[0]?.used, shown?.use[0]?.left, shown?.burst], [10, 0, per === 'hour' ? 10 : null]);
  });
}

test('two hubs that know nothing of each other let pass what each may, and it is paid back', async () => {
  const { organization, admin, use } = await world();
  await one.execute('createLimit', { ...draft, calls: 5, per: 'day' }, admin);
  await until(() => two.limiter.applying(organization, use) !== null);
  assert.deepEqual([callsThrough(one, organization, use, 9), callsThrough(two, organization, use, 9)], [5, 5]);
  await bothSettle();
  const [shown] = (await one.execute('listLimits', {}, admin)).items;
  assert.deepEqual([shown?.use[0]?.left, shown?.use[0]?.used], [0, 5]);
  const rows = await one.stores.limitCounters.quotas(organization);
  assert.deepEqual(
    rows.map(({ used }) => used),
    [10],
  );
});

test('a hub that starts knows what was used of quotas before', async () => {
  const { organization, admin, use } = await world();
  await one.execute('createLimit', { ...draft, calls: 4, per: 'month', subject: { type: 'member' } }, admin);
  assert.equal(callsThrough(one, organization, use, 9), 4);
  await one.limiter.settle();
  const third = await createTestHub(one.database);
  third.ambient.clock.time = one.ambient.clock.time;
  await third.limiter.load(organization);
  assert.equal(callsThrough(third, organization, use, 9), 0);
  await third.stop();
});

test('of each member by themselves, and shown by name', async () => {
  const { organization, admin, use } = await world();
  const other = await one.addMember(organization, 'member');
  await one.execute('createLimit', { ...draft, subject: { type: 'member' }, calls: 2, per: 'hour' }, admin);
  const theirs = { ...use, caller: { ...use.caller, member: other.id } };
  assert.deepEqual([callsThrough(one, organization, use, 9), callsThrough(one, organization, theirs, 9)], [2, 2]);
  const [shown] = (await one.execute('listLimits', {}, admin)).items;
  assert.deepEqual(new Set(shown?.use.map(({ subject }) => subject?.label)), new Set([admin.email, other.email]));
});

test('what cannot be a limit is refused', async () => {
  const { admin } = await world();
  const other = await one.addMember(await one.addOrganization(), 'member');
  const create = (more: object) => one.execute('createLimit', { ...draft, calls: 1, per: 'day', ...more }, admin);
  await assert.rejects(create({ burst: 3 }), { code: 'invalid_params' });
  await assert.rejects(create({ calls: 0 }), { code: 'invalid_params' });
  await assert.rejects(create({ server: 'nothing' }), { code: 'not_found' });
  await assert.rejects(create({ subject: { type: 'member', id: other.id } }), { code: 'not_found' });
  await assert.rejects(one.execute('updateLimit', { id: 'lim_0', calls: 3 }, admin), { code: 'not_found' });
});

test('the least a limit may say is read as it was meant', async () => {
  const { organization, admin } = await world();
  const made = await one.execute('createLimit', { ...draft, calls: 60, per: 'minute', burst: 5 }, admin);
  const [held] = await one.stores.limits.all(organization);
  const expected: Partial<Limit> = { calls: 60, per: 'minute', burst: 5, server: null, tools: null, enabled: true };
  assert.deepEqual({ ...held, ...expected }, held);
  assert.deepEqual([made.subject, made.server, made.burst], [{ type: 'organization', id: null, label: null }, null, 5]);
});
