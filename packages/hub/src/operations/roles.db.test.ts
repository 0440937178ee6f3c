import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { InputOf } from '@mcpvault/contract/operation';
import type { OperationKey, Operations } from '@mcpvault/contract/operations';
import type { Permission } from '@mcpvault/domain/identity/permission';
import type { Id } from '@mcpvault/domain/ids';
import type { Actor } from '../actor.ts';
import { actorOf, createTestHub, nobody, password, stdio, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

/** An organization with an admin, and a member who has a role of these permissions. */
async function world(permissions: readonly Permission[]) {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const member = await hub.addMember(organization, 'member', true);
  const as =
    (actor: () => Promise<Actor>) =>
    async <Key extends OperationKey>(key: Key, input: InputOf<Operations[Key]>) =>
      hub.execute(key, input, await actor());
  const asAdmin = as(async () => admin);
  const made = await asAdmin('createRole', { name: 'Own', permissions: [...permissions] });
  const role = made.id as Id<'role'>;
  await asAdmin('updateMember', { id: member.id, role });
  const signedIn = await hub.execute('login', { email: member.email, password }, nobody);
  // Looked up at every call, as a request would be.
  const asMember = as(async () => {
    const actor = await actorOf(hub, signedIn.accessToken);
    assert.ok(actor);
    return actor;
  });
  return { organization, admin, member, role, asAdmin, asMember };
}

const forbidden = { code: 'forbidden' };

test('a role gives exactly its permissions, and a change of it holds at the next request', async () => {
  const { role, asAdmin, asMember } = await world(['members:read']);
  assert.equal((await asMember('listMembers', {})).items.length, 2);
  await assert.rejects(asMember('listGrants', {}), forbidden);
  await asAdmin('updateRole', { id: role, name: 'Own', permissions: ['grants:read'] });
  assert.deepEqual((await asMember('listGrants', {})).items, []);
  await assert.rejects(asMember('listMembers', {}), forbidden);
  assert.deepEqual((await asMember('me', {})).permissions, ['anyone', 'self', 'grants:read']);
  assert.equal((await asMember('me', {})).member.roleName, 'Own');
});

test('an auditor reads audit and access, and neither messages nor how servers are run', async () => {
  const { admin, member, asAdmin, asMember } = await world([]);
  await asAdmin('createServer', { name: 'files', transport: stdio });
  await asAdmin('updateMember', { id: member.id, role: 'auditor' });
  assert.ok((await asMember('listAudit', {})).items.length > 0);
  assert.equal((await asMember('verifyAudit', {})).intact, true);
  assert.equal((await asMember('getMember', { id: admin.id })).role, 'admin');
  const server = await asMember('getServer', { id: 'files' });
  assert.equal(server.transport, undefined);
  for (const [key, input] of [
    ['listMessages', {}],
    ['getMessage', { id: 'msg_1' }],
    ['createTeam', { name: 'x' }],
    ['rotateAuditKey', {}],
    ['checkServer', { id: 'files' }],
  ] as const) {
    await assert.rejects(asMember(key, input), forbidden, key);
  }
});

test('the reverse: one who reads all messages and their originals, and no audit', async () => {
  const { asMember } = await world(['messages:read', 'messages:read-any', 'messages:read-original']);
  assert.deepEqual((await asMember('listMessages', {})).items, []);
  await assert.rejects(asMember('listAudit', {}), forbidden);
});

test('nobody hands out or takes over more than they have', async () => {
  const { admin, member, role, organization, asMember } = await world(['members:read', 'members:write', 'roles:write']);
  const plain = await hub.addMember(organization, 'member', true);
  await assert.rejects(asMember('updateMember', { id: member.id, role: 'admin' }), forbidden);
  await assert.rejects(asMember('createMember', { email: 'x@example.com', name: 'X', role: 'admin' }), forbidden);
  await assert.rejects(asMember('inviteAgain', { id: admin.id }), forbidden);
  await assert.rejects(asMember('updateMember', { id: admin.id, disabled: true }), forbidden);
  await assert.rejects(asMember('removeMember', { id: admin.id }), forbidden);
  await assert.rejects(asMember('createRole', { name: 'More', permissions: ['audit:read'] }), forbidden);
  await assert.rejects(
    asMember('updateRole', { id: role, name: 'Own', permissions: ['messages:read-original'] }),
    /messages:read-original/,
  );
  // What a plain member has beyond this role is servers, messages and policies to read.
  await assert.rejects(asMember('updateMember', { id: plain.id, disabled: true }), forbidden);
  const less = await asMember('createRole', { name: 'Less', permissions: ['members:read'] });
  assert.deepEqual([less.builtIn, less.permissions], [false, ['members:read']]);
});

test('a role that somebody has stays, one that nobody has goes with its grants', async () => {
  const { member, role, asAdmin } = await world(['servers:read']);
  await asAdmin('createServer', { name: 'files', transport: stdio });
  await asAdmin('createGrant', { subject: { type: 'role', id: role }, server: 'files' });
  assert.equal((await asAdmin('listGrants', {})).items[0]?.subject.label, 'Own');
  await assert.rejects(asAdmin('removeRole', { id: role }), { code: 'conflict', message: 'One member has this role.' });
  await asAdmin('updateMember', { id: member.id, role: 'member' });
  await asAdmin('removeRole', { id: role });
  assert.deepEqual((await asAdmin('listGrants', {})).items, []);
  await assert.rejects(asAdmin('updateMember', { id: member.id, role }), { code: 'not_found' });
});

test('names are unique and none is that of a built-in role; other organizations’ roles do not exist', async () => {
  const { asAdmin, member } = await world([]);
  const other = await world([]);
  await assert.rejects(asAdmin('createRole', { name: 'own', permissions: [] }), { code: 'conflict' });
  await assert.rejects(asAdmin('createRole', { name: 'Admin', permissions: [] }), { code: 'conflict' });
  await assert.rejects(asAdmin('updateMember', { id: member.id, role: other.role }), { code: 'not_found' });
  const grant = asAdmin('createGrant', { subject: { type: 'role', id: other.role }, server: 'files' });
  await assert.rejects(grant, { code: 'not_found' });
  assert.equal((await asAdmin('listRoles', {})).items.filter(({ builtIn }) => !builtIn).length, 1);
});
