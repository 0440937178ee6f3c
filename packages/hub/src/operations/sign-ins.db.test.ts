import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Actor } from '../actor.ts';
import { actorOf, createTestHub, nobody, password, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

async function signIn(email: string, client: string): Promise<{ actor: Actor; accessToken: string }> {
  const { accessToken } = await hub.execute('login', { email, password }, { ...nobody, client });
  const actor = await actorOf(hub, accessToken);
  assert.ok(actor);
  return { actor, accessToken };
}

test('one sees where one is signed in, and ends one of them without the others', async () => {
  const organization = await hub.addOrganization();
  const { email } = await hub.addMember(organization, 'member', true);
  const here = await signIn(email, 'laptop');
  const there = await signIn(email, 'phone');
  const listed = await hub.execute('listSignIns', {}, here.actor);
  assert.deepEqual(
    new Set(listed.items.map(({ client, isThis }) => `${client} ${isThis}`)),
    new Set(['laptop true', 'phone false']),
  );
  const phone = listed.items.find(({ isThis }) => !isThis);
  assert.ok(phone);
  await hub.execute('endSignIn', { id: phone.id }, here.actor);
  assert.equal(await actorOf(hub, there.accessToken), null);
  assert.ok(await actorOf(hub, here.accessToken));
  assert.equal((await hub.execute('listSignIns', {}, here.actor)).items.length, 1);
  await assert.rejects(hub.execute('endSignIn', { id: phone.id }, here.actor), { code: 'not_found' });
});

test('the sign-ins of others are for those who may revoke their tokens, and never of another organization', async () => {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const ada = await hub.addMember(organization, 'member', true);
  const bob = await hub.addMember(organization, 'member');
  const { accessToken } = await signIn(ada.email, 'laptop');
  const [theirs] = (await hub.execute('listSignIns', { member: ada.id }, admin)).items;
  assert.ok(theirs);
  await assert.rejects(hub.execute('listSignIns', { member: ada.id }, bob), { code: 'forbidden' });
  await assert.rejects(hub.execute('endSignIn', { id: theirs.id }, bob), { code: 'not_found' });
  const stranger = await hub.addMember(await hub.addOrganization(), 'admin');
  await assert.rejects(hub.execute('endSignIn', { id: theirs.id }, stranger), { code: 'not_found' });
  assert.deepEqual((await hub.execute('listSignIns', { member: ada.id }, stranger)).items, []);
  await hub.execute('endSignIn', { id: theirs.id }, admin);
  assert.equal(await actorOf(hub, accessToken), null);
});
