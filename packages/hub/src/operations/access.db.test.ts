import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestHub, stdio, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

async function world() {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  const ada = await hub.addMember(organization, 'member');
  const bob = await hub.addMember(organization, 'member');
  await hub.execute('createServer', { name: 'files', transport: stdio }, admin);
  const team = await hub.execute('createTeam', { name: 'team', members: [ada.id] }, admin);
  const grant = await hub.execute(
    'createGrant',
    { subject: { type: 'team', id: team.id }, server: 'files', tools: ['read'] },
    admin,
  );
  return { admin, ada, bob, team, grant };
}

test('why somebody may, and why somebody may not', async () => {
  const { admin, ada, bob, grant } = await world();
  const may = await hub.execute('explainAccess', { member: ada.id, server: 'files', tool: 'read' }, admin);
  assert.deepEqual([may.allowed, may.tools, may.steps.at(-1)?.grant], [true, ['read'], grant.id]);
  const mayNot = await hub.execute('explainAccess', { member: bob.id, server: 'files' }, admin);
  assert.deepEqual([mayNot.allowed, mayNot.steps.at(-1)?.about], [false, 'grant']);
  const own = await hub.execute('explainAccess', { server: 'files' }, admin);
  assert.deepEqual([own.allowed, own.tools], [true, null]);
});

test('members see why they themselves may use a server, and nothing of others or of servers they may not use', async () => {
  const { admin, ada, bob } = await world();
  await hub.execute('createGrant', { subject: { type: 'member', id: ada.id }, server: 'files' }, admin);
  assert.equal((await hub.execute('explainAccess', { server: 'files' }, ada)).allowed, true);
  await assert.rejects(hub.execute('explainAccess', { member: bob.id, server: 'files' }, ada), { code: 'forbidden' });
  await assert.rejects(hub.execute('explainAccess', { server: 'files' }, bob), { code: 'not_found' });
  await assert.rejects(hub.execute('listAccess', { server: 'files' }, ada), { code: 'forbidden' });
});

test('who may use a tool is said of every member', async () => {
  const { admin, ada, bob } = await world();
  const allowed = async (tool?: string) => {
    const { items } = await hub.execute('listAccess', { server: 'files', tool }, admin);
    return items.filter((item) => item.allowed).map(({ member }) => member.id);
  };
  assert.deepEqual(new Set(await allowed('read')), new Set([admin.id, ada.id]));
  assert.deepEqual(await allowed('write'), [admin.id]);
  await hub.execute('updateMember', { id: ada.id, disabled: true }, admin);
  assert.equal((await allowed()).includes(ada.id), false);
  assert.equal((await allowed()).includes(bob.id), false);
});

test('a grant that is thought of says who would gain by it', async () => {
  const { admin, ada, bob, team } = await world();
  const every = await hub.execute('previewGrant', { subject: 'member', server: 'files' }, admin);
  assert.equal(every.gaining, 2);
  const ofAda = every.gains.find(({ member }) => member.id === ada.id);
  assert.deepEqual([ofAda?.before, ofAda?.after], [['read'], null]);
  assert.deepEqual(every.gains.find(({ member }) => member.id === bob.id)?.before, []);
  const known = await hub.execute('previewGrant', { subject: team.id, server: 'files', tools: 'read' }, admin);
  assert.deepEqual([known.gaining, known.unchanged], [0, 1]);
  const admins = await hub.execute('previewGrant', { subject: 'admin', server: 'files' }, admin);
  assert.deepEqual([admins.gaining, admins.unchanged], [0, 1]);
});
