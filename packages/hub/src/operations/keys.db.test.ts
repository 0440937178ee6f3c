import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OperationKey, operations } from '@mcpvault/contract/operations';
import type { Actor } from '../actor.ts';
import { actorOf, createTestHub, keys, stdio, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

async function world() {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  const ada = await hub.addMember(organization, 'member');
  for (const name of ['files', 'mail']) await hub.execute('createServer', { name, transport: stdio }, admin);
  return { organization, admin, ada };
}

async function withKey(member: Actor, scope?: object): Promise<{ id: `tok_${string}`; value: string; actor: Actor }> {
  const { id, token } = await hub.execute('createToken', { name: 'key', scope: scope as never }, member);
  const actor = await actorOf(hub, token);
  assert.ok(actor);
  return { id, value: token, actor };
}

async function toolsBy(value: string) {
  const caller = await hub.identities.identify(value);
  assert.ok(caller);
  return hub.catalog.usable(caller).map(({ server, reach }) => [server.name, reach.extent().tools]);
}

test('a key reaches the servers and tools that it was made for, and no others', async () => {
  const { admin } = await world();
  const { value } = await withKey(admin, { servers: [{ server: 'files', tools: ['read'] }] });
  assert.deepEqual(await toolsBy(value), [['files', ['read']]]);
  assert.deepEqual(await toolsBy((await withKey(admin, { servers: [] })).value), []);
  const all = await toolsBy((await withKey(admin)).value);
  assert.deepEqual(all, [
    ['files', null],
    ['mail', null],
  ]);
});

test('a scope gives nothing that its member does not have', async () => {
  const { admin, ada } = await world();
  const { value } = await withKey(ada, { servers: [{ server: 'files' }, { server: 'mail' }] });
  assert.deepEqual(await toolsBy(value), []);
  const subject = { type: 'member' as const, id: ada.id };
  await hub.execute('createGrant', { subject, server: 'files', tools: ['read'] }, admin);
  assert.deepEqual(await toolsBy(value), [['files', ['read']]]);
  const asAda = (await withKey(ada, { operations: ['members.*'] })).actor;
  await assert.rejects(hub.execute('listMembers', {}, asAda), { code: 'forbidden' });
});

test('a key does the operations of its scope and no others; one without does what reads one’s own', async () => {
  const { admin } = await world();
  const { actor } = await withKey(admin, { operations: ['members.*', 'servers.list'] });
  await hub.execute('listMembers', {}, actor);
  await hub.execute('listServers', {}, actor);
  const mail = await hub.execute('createMember', { email: `n-${Date.UTC(2026)}@example.com`, name: 'N' }, actor);
  assert.equal(mail.status, 'invited');
  await assert.rejects(hub.execute('listGrants', {}, actor), {
    code: 'forbidden',
    message: /not made for grants.list/,
  });
  const plain = (await withKey(admin)).actor;
  await hub.execute('listServers', {}, plain);
  await hub.execute('me', {}, plain);
  await assert.rejects(hub.execute('listMembers', {}, plain), { code: 'forbidden' });
});

test('no key reaches what is for its member in person, whatever its scope says', async () => {
  const { admin } = await world();
  const inPerson = keys.filter((key) => operations[key].inPerson);
  for (const key of ['createToken', 'changePassword', 'startImpersonation', 'createProvisioningToken', 'inviteAgain']) {
    assert.ok(inPerson.includes(key as OperationKey), key);
  }
  const areas = [...new Set(keys.map((key) => `${operations[key].name.split('.')[0]}.*`))];
  const possible: string[] = [];
  for (const area of areas) {
    try {
      await withKey(admin, { operations: [area] });
      possible.push(area);
    } catch {
      // An area of which nothing is open to keys cannot even be named.
    }
  }
  const { actor } = await withKey(admin, { operations: possible });
  for (const key of inPerson) {
    await assert.rejects(hub.execute(key, {} as never, actor), { code: 'forbidden' }, key);
  }
});

test('a scope names operations and servers that are there', async () => {
  const { admin } = await world();
  for (const scope of [{ operations: ['no.such'] }, { operations: ['auth.change-password'] }, { operations: ['*'] }]) {
    await assert.rejects(withKey(admin, scope), { code: 'invalid_params' });
  }
  await assert.rejects(withKey(admin, { servers: [{ server: 'nowhere' }] }), { code: 'not_found' });
  const shown = await hub.execute(
    'createToken',
    { name: 'shown', scope: { servers: [{ server: 'files' }], operations: ['servers.list'] } },
    admin,
  );
  assert.deepEqual(
    [shown.scope?.operations, shown.scope?.servers?.[0]?.server.name, shown.scope?.servers?.[0]?.tools],
    [['servers.list'], 'files', null],
  );
});

test('a rotated key works until the stated time, its successor at once, with the same scope', async () => {
  const { admin } = await world();
  const { id, value } = await withKey(admin, { servers: [{ server: 'files' }] });
  const oldUntil = new Date(hub.ambient.clock.now() + 3_600_000).toISOString();
  const next = await hub.execute('rotateToken', { id, oldUntil }, admin);
  assert.equal(next.oldUntil, oldUntil);
  assert.notEqual(next.token, value);
  for (const each of [value, next.token]) assert.deepEqual(await toolsBy(each), [['files', null]]);
  hub.ambient.clock.time += 3_600_000;
  assert.equal(await hub.identities.identify(value), null);
  assert.ok(await hub.identities.identify(next.token));
  const { items } = await hub.execute('listTokens', {}, admin);
  assert.equal(items.find((token) => token.id === id)?.replacedBy, next.id);
  await assert.rejects(hub.execute('rotateToken', { id }, admin), { code: 'conflict' });
});

test('a key may be handed the one that follows it, once, and no other', async () => {
  const { admin } = await world();
  const one = await withKey(admin, { operations: ['tokens.*'] });
  const other = await withKey(admin);
  await assert.rejects(hub.execute('rotateToken', { id: other.id }, one.actor), { code: 'forbidden' });
  const rotated = await Promise.allSettled([1, 2].map(() => hub.execute('rotateToken', { id: one.id }, one.actor)));
  assert.deepEqual(rotated.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
});

test('what a key does stands under its member and its own id in the audit log', async () => {
  const { admin, organization } = await world();
  const { id, actor } = await withKey(admin, { operations: ['teams.*'] });
  await hub.execute('createTeam', { name: 'by key' }, actor);
  const [entry] = (await hub.stores.audit.list(organization, { action: 'teams.create' })).items;
  assert.deepEqual([entry?.actor, entry?.detail['key']], [actor.caller?.member, id]);
});
