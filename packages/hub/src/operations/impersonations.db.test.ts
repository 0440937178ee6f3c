import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OperationKey, operations } from '@mcpvault/contract/operations';
import type { MemberId } from '@mcpvault/domain/ids';
import type { Actor } from '../actor.ts';
import { actorOf, createTestHub, keys, nobody, password, stdio, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

const reason = 'they are ill, and the report is due';

async function world() {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const boss = await hub.addMember(organization, 'member', true);
  const ada = await hub.addMember(organization, 'member', true);
  const bob = await hub.addMember(organization, 'member', true);
  await hub.execute('updateMember', { id: ada.id, supervisor: boss.id }, admin);
  for (const name of ['files', 'mail']) await hub.execute('createServer', { name, transport: stdio }, admin);
  return { organization, admin, boss, ada, bob };
}

async function act(actor: Actor, subject: MemberId, minutes = 30) {
  const started = await hub.execute('startImpersonation', { subject, reason, minutes }, actor);
  const acting = await actorOf(hub, started.accessToken);
  assert.ok(acting);
  return { ...started, acting };
}

test('a supervisor acts as whom they supervise, directly or not, and as nobody else', async () => {
  const { admin, boss, ada, bob, organization } = await world();
  assert.equal((await act(boss, ada.id)).acting.caller?.member, ada.id);
  for (const [actor, subject] of [
    [ada, boss.id],
    [bob, ada.id],
    [boss, bob.id],
    [boss, admin.id],
    [boss, boss.id],
    [boss, (await hub.addMember(await hub.addOrganization(), 'member')).id],
  ] as const) {
    await assert.rejects(act(actor, subject), { code: 'forbidden' });
  }
  await hub.execute('updateMember', { id: boss.id, supervisor: bob.id }, admin);
  await act(bob, ada.id);
  await act(admin, bob.id);
  const refused = (await hub.stores.audit.list(organization, { action: 'impersonations.start' })).items;
  assert.ok(refused.some((entry) => entry.outcome === 'refused' && entry.actor === ada.id));
});

test('the lead of a team acts as its members and those of teams in it, not as another lead', async () => {
  const { admin, boss, ada, bob } = await world();
  const top = await hub.execute('createTeam', { name: 'top', leads: [bob.id] }, admin);
  const below = await hub.execute('createTeam', { name: 'below', parent: top.id, members: [ada.id] }, admin);
  await act(bob, ada.id);
  await hub.execute('updateTeam', { id: top.id, name: 'top', members: [boss.id], leads: [bob.id, boss.id] }, admin);
  await assert.rejects(act(bob, boss.id), { code: 'forbidden' });
  await hub.execute('removeTeam', { id: below.id }, admin);
  await assert.rejects(act(bob, ada.id), { code: 'forbidden' });
});

test('both see that somebody acts as somebody, why, and until when; it ends by itself', async () => {
  const { boss, ada } = await world();
  const { acting, accessToken } = await act(boss, ada.id, 10);
  const seen = await hub.execute('me', {}, acting);
  assert.deepEqual([seen.member.id, seen.actedBy?.actor.id, seen.actedBy?.reason], [ada.id, boss.id, reason]);
  const own = await hub.execute('me', {}, ada);
  assert.deepEqual([own.actedBy, own.impersonations.map(({ actor }) => actor.id)], [null, [boss.id]]);
  hub.ambient.clock.time += 10 * 60_000;
  assert.equal(await hub.identities.identify(accessToken), null);
  assert.ok(acting.caller && hub.identities.isOver(acting.caller));
  assert.deepEqual((await hub.execute('me', {}, ada)).impersonations, []);
  for (const one of [boss, ada]) {
    const { items } = await hub.execute('listImpersonations', {}, one);
    assert.deepEqual([items.length, items[0]?.underway, items[0]?.subject.id], [1, false, ada.id]);
  }
});

test('it is ended at once by who acts, by whom they act as, and by an admin, and by nobody else', async () => {
  const { admin, boss, ada, bob } = await world();
  const first = await act(boss, ada.id);
  await assert.rejects(hub.execute('endImpersonation', { id: first.id }, bob), { code: 'not_found' });
  const second = await act(boss, ada.id);
  await assert.rejects(hub.execute('endImpersonation', { id: second.id }, first.acting), { code: 'not_found' });
  for (const who of [first.acting, ada, admin, boss]) {
    const { id, accessToken, acting } = who === first.acting ? first : await act(boss, ada.id);
    await hub.execute('endImpersonation', { id }, who);
    assert.equal(await hub.identities.identify(accessToken), null);
    assert.ok(acting.caller && hub.identities.isOver(acting.caller));
  }
});

test('it ends when who acts may no longer, and when either is disabled', async () => {
  const { admin, boss, ada } = await world();
  const first = await act(boss, ada.id);
  await hub.execute('updateMember', { id: ada.id, supervisor: null }, admin);
  assert.equal(await hub.identities.identify(first.accessToken), null);
  await hub.execute('updateMember', { id: ada.id, supervisor: boss.id }, admin);
  const second = await act(boss, ada.id);
  await hub.execute('updateMember', { id: boss.id, disabled: true }, admin);
  assert.equal(await hub.identities.identify(second.accessToken), null);
  assert.ok(second.acting.caller && hub.catalog.isGone(second.acting.caller));
  const third = await act(admin, ada.id);
  await hub.execute('updateMember', { id: ada.id, disabled: true }, admin);
  assert.equal(await hub.identities.identify(third.accessToken), null);
});

test('what is for the member in person stays closed: no credentials, and nobody acts as somebody within', async () => {
  const { admin, boss, ada, bob } = await world();
  const other = await hub.addMember(admin.caller?.organization ?? 'org_none', 'admin', true);
  for (const { acting } of [await act(boss, ada.id), await act(admin, other.id)]) {
    for (const key of keys) {
      if (!operations[key].inPerson) continue;
      await assert.rejects(hub.execute(key, {} as never, acting), { code: 'forbidden' }, key);
    }
  }
  for (const key of ['startImpersonation', 'createToken', 'revokeToken', 'changePassword', 'endSignIn'] as const) {
    assert.ok(operations[key satisfies OperationKey].inPerson, key);
  }
  const token = await hub.execute('createToken', { name: 'x' }, ada);
  const { acting } = await act(boss, ada.id);
  await assert.rejects(hub.execute('rotateToken', { id: token.id }, acting), { code: 'forbidden' });
  assert.ok(bob);
});

test('who acts as somebody reaches what both may', async () => {
  const { admin, boss, ada } = await world();
  const give = (member: { id: MemberId }, server: string, tools?: string[]) =>
    hub.execute('createGrant', { subject: { type: 'member', id: member.id }, server, tools }, admin);
  await give(ada, 'files');
  await give(ada, 'mail', ['read', 'send']);
  await give(boss, 'mail', ['read']);
  const reached = async (actor: Actor) => {
    const { accessToken } = await hub.execute('startImpersonation', { subject: ada.id, reason }, actor);
    const caller = await hub.identities.identify(accessToken);
    assert.ok(caller);
    return hub.catalog.usable(caller).map(({ server, reach }) => [server.name, reach.extent().tools]);
  };
  assert.deepEqual(await reached(boss), [['mail', ['read']]]);
  assert.deepEqual(await reached(admin), [
    ['files', null],
    ['mail', ['read', 'send']],
  ]);
  await hub.execute('updateMember', { id: ada.id, role: 'admin' }, admin);
  const { acting } = await act(boss, ada.id);
  await assert.rejects(hub.execute('listMembers', {}, acting), { code: 'forbidden' });
  assert.deepEqual(await reached(boss), [['mail', ['read']]]);
});

test('every entry names who really acted, and as whom', async () => {
  const { admin, organization } = await world();
  const other = await hub.addMember(organization, 'admin', true);
  const { acting, id } = await act(admin, other.id);
  await hub.execute('createTeam', { name: 'made as another' }, acting);
  const [made] = (await hub.stores.audit.list(organization, { action: 'teams.create' })).items;
  assert.deepEqual([made?.actor, made?.detail['as'], made?.detail['impersonation']], [admin.id, other.id, id]);
  const [began] = (await hub.stores.audit.list(organization, { action: 'impersonations.start' })).items;
  assert.deepEqual([began?.actor, began?.subject, began?.detail['reason']], [admin.id, other.id, reason]);
});

test('a reason and a bounded time are asked for, and no key acts as anybody', async () => {
  const { admin, ada } = await world();
  const start = (input: object) => hub.execute('startImpersonation', { subject: ada.id, ...input } as never, admin);
  for (const input of [{ reason: 'x' }, { reason: '' }, { reason, minutes: 0 }, { reason, minutes: 481 }]) {
    await assert.rejects(start(input), { code: 'invalid_params' });
  }
  const { token } = await hub.execute('createToken', { name: 'key' }, admin);
  const keyed = await actorOf(hub, token);
  assert.ok(keyed);
  await assert.rejects(act(keyed, ada.id), { code: 'forbidden' });
  await hub.execute('updateMember', { id: ada.id, disabled: true }, admin);
  await assert.rejects(start({ reason }), { code: 'conflict' });
  assert.ok(nobody && password);
});
