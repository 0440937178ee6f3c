import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Actor } from '../actor.ts';
import { somethingWrong } from '../testing/something-wrong.ts';
import { createTestHub, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

async function world(alerts: number) {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  const auditor = await hub.addMember(organization, 'auditor');
  const member = await hub.addMember(organization, 'member');
  for (let number = 0; number < alerts; number += 1) {
    const wrong = somethingWrong(organization, hub.ambient.clock.now() + number, {
      title: `No ${number}`,
      likeness: `${number}`,
    });
    await hub.stores.alerts.raise([wrong], hub.ambient.ids);
  }
  const ids = (await hub.execute('listAlerts', {}, admin)).items.map(({ id }) => id).toReversed();
  return { organization, admin, auditor, member, ids };
}

async function stands(actor: Actor): Promise<readonly string[]> {
  const { items } = await hub.execute('listAlerts', { state: 'all' }, actor);
  return items.map(({ title, state, owner }) => `${title} ${state} ${owner === null ? '-' : 'owned'}`).toReversed();
}

test('alerts are taken on, resolved, dismissed and opened again, alone and together, and the audit log says by whom', async () => {
  const { admin, ids } = await world(3);
  const [one = 'alt_0', two = 'alt_0', three = 'alt_0'] = ids;
  await hub.execute('changeAlerts', { ids: [one], state: 'acknowledged', owner: 'me', comment: 'On it' }, admin);
  await hub.execute('changeAlerts', { ids: [one, two], state: 'resolved' }, admin);
  await hub.execute('changeAlerts', { ids: [three], state: 'dismissed' }, admin);
  assert.deepEqual(await stands(admin), ['No 0 resolved owned', 'No 1 resolved -', 'No 2 dismissed -']);
  assert.deepEqual((await hub.execute('listAlerts', {}, admin)).items, []);
  const partly = await hub.execute('changeAlerts', { ids: [one, three, 'alt_missing'], state: 'resolved' }, admin);
  assert.deepEqual(partly.items, []);
  assert.deepEqual(
    partly.unchanged.map(({ why }) => why),
    [
      'It is resolved already.',
      'What is dismissed cannot be resolved; open it again first.',
      'There is no such alert.',
    ],
  );
  await hub.execute('changeAlerts', { ids: [one], state: 'open', owner: null }, admin);
  const { history, state, owner } = await hub.execute('getAlert', { id: one }, admin);
  assert.deepEqual([state, owner], ['open', null]);
  assert.deepEqual(
    history.map((event) => [event.by?.id, event.state, event.comment]),
    [
      [admin.id, 'acknowledged', 'On it'],
      [admin.id, 'resolved', null],
      [admin.id, 'open', null],
    ],
  );
  const { items } = await hub.execute('listAudit', { action: 'alerts.change' }, admin);
  assert.equal(items.length, 5);
  assert.equal(JSON.stringify(items).includes('On it'), false);
  assert.deepEqual(await hub.execute('countAlerts', {}, admin), { open: 1, acknowledged: 0, severe: 1 });
});

test('whoever may see alerts and not handle them does neither, and members see none', async () => {
  const { auditor, member, ids } = await world(1);
  assert.equal((await hub.execute('listAlerts', {}, auditor)).items.length, 1);
  await assert.rejects(hub.execute('changeAlerts', { ids, state: 'resolved' }, auditor), { code: 'forbidden' });
  await assert.rejects(hub.execute('listAlerts', {}, member), { code: 'forbidden' });
  await assert.rejects(hub.execute('listAlertRoutes', {}, member), { code: 'forbidden' });
  await assert.rejects(
    hub.execute('createAlertRoute', { name: 'x', transport: { type: 'email', to: ['a@b.example'] } }, auditor),
    {
      code: 'forbidden',
    },
  );
});

test('another organization neither sees nor changes them, nor owns any', async () => {
  const { admin, ids } = await world(1);
  const other = await world(0);
  await assert.rejects(hub.execute('getAlert', { id: ids[0] ?? 'alt_0' }, other.admin), { code: 'not_found' });
  const { unchanged } = await hub.execute('changeAlerts', { ids, state: 'resolved' }, other.admin);
  assert.equal(unchanged[0]?.why, 'There is no such alert.');
  await assert.rejects(hub.execute('changeAlerts', { ids, owner: other.admin.id }, admin), { code: 'invalid_params' });
  assert.deepEqual(await stands(admin), ['No 0 open -']);
});

test('nonsense is refused with a reason', async () => {
  const { admin, ids } = await world(1);
  await assert.rejects(hub.execute('changeAlerts', { ids }, admin), { code: 'invalid_params' });
  await assert.rejects(hub.execute('listAlerts', { state: 'sleeping' }, admin), { code: 'invalid_params' });
  const quiet = { timeZone: 'Nowhere/Atall', from: '22:00', to: '07:00' };
  const transport = { type: 'email' as const, to: ['a@b.example'] };
  await assert.rejects(hub.execute('createAlertRoute', { name: 'x', transport, quiet }, admin), /no time zone/);
  await assert.rejects(hub.execute('createAlertRoute', { name: 'x', transport: { type: 'email', to: [] } }, admin), {
    code: 'invalid_params',
  });
});
