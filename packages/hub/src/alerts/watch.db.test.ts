import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Actor } from '../actor.ts';
import { quiet } from '../testing/quiet.ts';
import { createTestHub, stdio, type TestHub } from '../testing/test-hub.ts';
import { goneAfter } from './what-is-wrong.ts';
import { createWatch } from './watch.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

const fine = { bytes: 0, pendingBlocks: 0, lost: 0, failing: null };

function watch(id: string, state: { bytes: number; lost: number; failing: string | null } = fine) {
  const { stores, ambient } = hub;
  return createWatch({
    ...{ stores, clock: ambient.clock, ids: ambient.ids, log: quiet, journalBytes: 1000, tell: async () => {} },
    ...{ hub: { id, name: id }, journal: { state: () => ({ ...fine, ...state }) } },
  });
}

async function stands(admin: Actor): Promise<readonly string[]> {
  const { items } = await hub.execute('listAlerts', { kind: 'operational', state: 'all' }, admin);
  return items.map(({ title, state, count }) => `${title}: ${state} ${count}`).toSorted();
}

const later = (milliseconds: number): void => {
  hub.ambient.clock.time += milliseconds;
};

test('a server that does not answer for a while is raised once, by however many hubs, and ends by itself', async () => {
  const admin = await hub.addMember(await hub.addOrganization(), 'admin');
  const { id } = await hub.execute('createServer', { name: 'files', transport: stdio }, admin);
  await hub.contact.check(admin.caller?.organization ?? 'org_none', id);
  const status = (is: 'ready' | 'unavailable') =>
    hub.stores.servers.setStatus(admin.caller?.organization ?? 'org_none', id, {
      ...{ status: is, reason: is === 'ready' ? null : 'It ended at once.', fix: 'See its log.', checkedAt: 1 },
    });
  const hubs = [watch('one'), watch('two')];
  const look = () => Promise.all(hubs.map((each) => each.look()));
  await status('unavailable');
  await look();
  assert.deepEqual(await stands(admin), []);
  later(25_000);
  await look();
  await look();
  assert.deepEqual(await stands(admin), ['The server files does not answer: open 1']);
  const fresh = watch('three');
  await fresh.look();
  assert.deepEqual(await stands(admin), ['The server files does not answer: open 1']);
  await status('ready');
  await look();
  assert.deepEqual(await stands(admin), ['The server files does not answer: resolved 1']);
  const [alert] = (await hub.execute('listAlerts', { state: 'all' }, admin)).items;
  const { history, snapshot } = await hub.execute('getAlert', { id: alert?.id ?? 'alt_0' }, admin);
  assert.deepEqual(
    history.map(({ by, state }) => [by, state]),
    [[null, 'resolved']],
  );
  assert.equal(snapshot.text, 'It ended at once.');
  for (const each of [...hubs, fresh]) await each.stop();
});

test('a hub that is gone is missed, one that stopped in order is not, and it is over when the hub is back', async () => {
  const admin = await hub.addMember(await hub.addOrganization(), 'admin');
  const [here, lost, left] = [watch('here'), watch('lost'), watch('left')];
  for (const each of [here, lost, left]) await each.look();
  await left.stop();
  for (const _ of [1, 2, 3]) {
    later(goneAfter / 2 + 1);
    await here.look();
  }
  assert.deepEqual(await stands(admin), ['The hub on lost is gone: open 1']);
  await lost.look();
  assert.deepEqual(await stands(admin), ['The hub on lost is gone: resolved 1']);
  for (const each of [here, lost]) await each.stop();
});

test('what one hub’s journal says is known to all, and what others say does not end it', async () => {
  const admin = await hub.addMember(await hub.addOrganization(), 'admin');
  const state = { ...fine, bytes: 900 };
  const [full, other] = [watch('full', state), watch('other')];
  for (const _ of [1, 2, 3]) {
    await full.look();
    await other.look();
    later(15_000);
  }
  assert.deepEqual(await stands(admin), ['The journal is nearly full (hub full): open 1']);
  state.bytes = 0;
  await full.look();
  assert.deepEqual(await stands(admin), ['The journal is nearly full (hub full): resolved 1']);
  for (const each of [full, other]) await each.stop();
});

test('keys of service accounts that end within a week are told of', async () => {
  const admin = await hub.addMember(await hub.addOrganization(), 'admin');
  const account = await hub.execute(
    'createServiceAccount',
    { name: 'robot', owner: { type: 'member', id: admin.id } },
    admin,
  );
  const expiresAt = new Date(hub.ambient.clock.now() + 5 * 86_400_000).toISOString();
  await hub.execute('createServiceAccountKey', { id: account.id, name: 'nightly', expiresAt }, admin);
  const one = watch('one');
  await one.look();
  later(25_000);
  await one.look();
  assert.deepEqual(await stands(admin), ['The key robot: nightly ends within a week: open 1']);
  await one.stop();
});
