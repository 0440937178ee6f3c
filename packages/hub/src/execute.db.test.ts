// What `execute` promises of every operation: permission, one entry in the audit log or none, all or nothing, and walls between
// organizations.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OperationKey, operations } from '@mcpvault/contract/operations';
import { permits } from '@mcpvault/domain/identity/permission';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import type { OrganizationId, ServerId } from '@mcpvault/domain/ids';
import { operationWorld, policyDraft, recordedCall, recordMessage } from './testing/operation-world.ts';
import { type SignInServer, startSignInServer } from './testing/sign-in-server.ts';
import { actorOf, createTestHub, keys, nobody, password, stdio, type TestHub } from './testing/test-hub.ts';

let hub: TestHub;
let peer: SignInServer;
/** Changed by nobody. */
let shared: Awaited<ReturnType<typeof operationWorld>>;
before(async () => {
  hub = await createTestHub();
  peer = await startSignInServer();
  shared = await operationWorld(hub, peer);
});
after(async () => {
  peer.stop();
  await hub.stop();
});

function world(preparing?: OperationKey) {
  return operationWorld(hub, peer, preparing);
}

async function entriesOf(organization: OrganizationId, action: string) {
  const { items } = await hub.stores.audit.list(organization, { action, limit: 200 });
  return items;
}

test('without a sign-in, only what anyone may ask is done', async () => {
  const { inputs } = shared;
  for (const key of keys) {
    if (operations[key].permission === 'anyone') continue;
    await assert.rejects(hub.execute(key, inputs[key] as never, nobody), { code: 'unauthenticated' }, key);
  }
});

test('members are refused every operation whose permission their role lacks, and the refusal is in the audit record', async () => {
  const { inputs, member, organization } = shared;
  for (const key of keys) {
    const { permission, name } = operations[key];
    if (permits(builtInRoles.member, permission)) continue;
    const before = (await entriesOf(organization, name)).length;
    await assert.rejects(hub.execute(key, inputs[key] as never, member), { code: 'forbidden' }, key);
    const refused = (await entriesOf(organization, name)).filter((entry) => entry.outcome === 'refused');
    assert.equal((await entriesOf(organization, name)).length, before + 1, key);
    assert.deepEqual([refused[0]?.actor, refused[0]?.subject], [member.id, null], key);
  }
});

test('each audited operation leaves exactly one entry, each other one none', async () => {
  // Those that only read first: they share a world, and time goes on while others are made.
  const isRead = (key: OperationKey) => operations[key].method === 'GET';
  for (const key of keys.toSorted((a, b) => Number(isRead(b)) - Number(isRead(a)))) {
    const { audited, name, permission, acrossOrganizations } = operations[key];
    const { inputs, organization, session } = isRead(key) ? shared : await world(key);
    const actor = permission === 'anyone' ? nobody : await actorOf(hub, session.accessToken);
    assert.ok(actor);
    if (acrossOrganizations) await hub.letRun(organization);
    const before = await entriesOf(organization, name);
    await hub.execute(key, inputs[key] as never, actor);
    const after = await entriesOf(organization, name);
    assert.equal(after.length - before.length, audited ? 1 : 0, key);
    if (audited) assert.equal(after[0]?.outcome, 'done', key);
  }
});

test('no audit entry repeats a secret', async () => {
  const { admin, organization } = await world();
  await hub.execute('createServer', { name: 'secretive', transport: stdio }, admin);
  const made = await hub.execute('createToken', { name: 'x' }, admin);
  const { items } = await hub.stores.audit.list(organization, { limit: 200 });
  const text = JSON.stringify(items);
  for (const secret of ['hidden', made.token, password]) assert.ok(!text.includes(secret));
});

test('an operation that fails half way leaves nothing behind, and no audit entry', async () => {
  const { admin, organization } = await world();
  const stranger = `mem_${'0'.repeat(26)}` as const;
  const before = await hub.stores.teams.list(organization, {});
  const creating = hub.execute('createTeam', { name: 'half', members: [stranger] }, admin);
  await assert.rejects(creating, { code: 'not_found' });
  assert.deepEqual(await hub.stores.teams.list(organization, {}), before);
  assert.equal((await entriesOf(organization, 'teams.create')).length, 1);
});

test('an admin of another organization finds nothing of this one, by whatever id', async () => {
  const mine = shared;
  const stranger = await hub.addMember(await hub.addOrganization('Other'), 'admin');
  for (const key of keys) {
    if (operations[key].permission === 'anyone' || !Object.hasOwn(operations[key].input.shape, 'id')) continue;
    const code = operations[key].acrossOrganizations ? 'forbidden' : 'not_found';
    await assert.rejects(hub.execute(key, mine.inputs[key] as never, stranger), { code }, key);
  }
  for (const key of [
    'listMembers',
    'listTeams',
    'listGrants',
    'listServers',
    'listPolicies',
    'listMessages',
  ] as const) {
    const { items } = await hub.execute(key, {}, stranger);
    assert.deepEqual(JSON.stringify(items).match(new RegExp(mine.organization)), null);
    assert.equal(items.length, key === 'listMembers' ? 1 : 0, key);
  }
  const tokens = await hub.execute('listTokens', { member: 'all' }, stranger);
  assert.equal(tokens.items.length, 0);
});

test('a grant, team or policy cannot name what belongs to another organization', async () => {
  const theirs = shared;
  const { admin } = await world();
  const server = theirs.inputs.checkServer.id as ServerId;
  for (const asked of [
    () => hub.execute('createGrant', { subject: { type: 'member', id: theirs.member.id }, server: 'one' }, admin),
    () => hub.execute('createGrant', { subject: { type: 'member', id: admin.id }, server }, admin),
    () => hub.execute('createTeam', { name: 'foreign', members: [theirs.member.id] }, admin),
    () => hub.execute('createPolicy', { ...policyDraft, servers: [server] }, admin),
  ]) {
    await assert.rejects(asked, { code: 'not_found' });
  }
});

test('wrong and unknown members of the input are named', async () => {
  const { admin } = shared;
  await assert.rejects(hub.execute('createToken', { name: '' }, admin), {
    code: 'invalid_params',
    details: { issues: [{ path: 'name', message: 'Too small: expected string to have >=1 characters' }] },
  });
  const misspelt = { name: 'x', expires: '2030-01-01T00:00:00Z' } as never;
  await assert.rejects(hub.execute('createToken', misspelt, admin), { code: 'invalid_params', message: /"expires"/ });
});

test('the last admin who can sign in stays an admin, enabled and there', async () => {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  for (const asked of [
    () => hub.execute('updateMember', { id: admin.id, role: 'member' }, admin),
    () => hub.execute('updateMember', { id: admin.id, disabled: true }, admin),
    () => hub.execute('removeMember', { id: admin.id }, admin),
  ]) {
    await assert.rejects(asked, { code: 'conflict' });
  }
  await hub.addMember(organization, 'admin', true);
  assert.equal((await hub.execute('updateMember', { id: admin.id, role: 'member' }, admin)).role, 'member');
});

test('an admin reads the original and what was delivered; the member it concerns only what was delivered', async () => {
  const { admin, member, organization, inputs } = await world();
  const server = inputs.checkServer.id as ServerId;
  const theirs = await recordMessage(hub, organization, member.id, server);
  const seenByAdmin = await hub.execute('getMessage', { id: theirs }, admin);
  assert.equal(seenByAdmin.request?.original, recordedCall);
  assert.equal(seenByAdmin.request?.delivered, recordedCall.replace('secret', '***'));
  const seenByMember = await hub.execute('getMessage', { id: theirs }, member);
  assert.equal(seenByMember.request?.original, null);
  assert.equal(seenByMember.request?.delivered, recordedCall.replace('secret', '***'));
  await assert.rejects(hub.execute('getMessage', inputs.getMessage, member), { code: 'not_found' });
  const own = await hub.execute('listMessages', { member: admin.id }, member);
  assert.deepEqual(
    own.items.map(({ id }) => id),
    [theirs],
  );
});
