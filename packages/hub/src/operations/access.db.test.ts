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

test('a condition is read when a grant is made, and asked about with a time, a place and arguments', async () => {
  const { admin, bob } = await world();
  const subject = { type: 'member' as const, id: bob.id };
  const create = (condition: string) =>
    hub.execute('createGrant', { subject, server: 'files', condition, reason: 'office hours' }, admin);
  await assert.rejects(create('now.getHours() <'), { code: 'invalid_params', message: /^condition: / });
  await assert.rejects(create('result.ok'), { code: 'invalid_params', message: /not known before a call/ });
  const made = await create('now.getHours("UTC") < 18 && arguments.path.startsWith("/tmp/")');
  assert.deepEqual([made.effect, made.reason, made.tools], ['allow', 'office hours', null]);
  const asked = { member: bob.id, server: 'files', tool: 'read' };
  const ask = async (more: object) => (await hub.execute('explainAccess', { ...asked, ...more }, admin)).allowed;
  assert.equal(await ask({}), true, 'it depends on the arguments, which were left open');
  assert.equal(await ask({ arguments: '{"path":"/tmp/x"}', at: '2026-01-01T10:00:00Z' }), true);
  assert.equal(await ask({ arguments: '{"path":"/etc/x"}', at: '2026-01-01T10:00:00Z' }), false);
  assert.equal(await ask({ arguments: '{"path":"/tmp/x"}', at: '2026-01-01T19:00:00Z' }), false);
  await assert.rejects(ask({ arguments: '[]' }), { code: 'invalid_params' });
  await assert.rejects(ask({ prompt: 'also' }), { code: 'invalid_params' });
  const { steps, extent } = await hub.execute('explainAccess', asked, admin);
  assert.match(steps.at(-1)?.text ?? '', /depends on the arguments of the call: now\.getHours/);
  assert.equal(extent?.isConditional, true);
});

test('a deny that is thought of says who would lose by it, and one that is made outweighs', async () => {
  const { admin, ada, team, grant } = await world();
  const deny = { effect: 'deny' as const, server: 'files', tools: 'read' };
  const thought = await hub.execute('previewGrant', { ...deny, subject: team.id }, admin);
  assert.deepEqual([thought.losing, thought.gaining, thought.losses[0]?.after], [1, 0, []]);
  const everybody = await hub.execute('previewGrant', { effect: 'deny', server: 'files', subject: 'member' }, admin);
  assert.deepEqual([everybody.losing, everybody.unchanged], [1, 1], 'who may use nothing loses nothing');
  const made = await hub.execute(
    'createGrant',
    { effect: 'deny', subject: { type: 'team', id: team.id }, server: 'files', tools: ['read'] },
    admin,
  );
  const said = await hub.execute('explainAccess', { member: ada.id, server: 'files', tool: 'read' }, admin);
  assert.equal(said.allowed, false);
  assert.deepEqual(
    said.steps.filter(({ grant: id }) => id !== null).map(({ about, grant: id, speaksFor }) => [about, id, speaksFor]),
    [
      ['grant', grant.id, true],
      ['deny', made.id, false],
    ],
  );
  const { items } = await hub.execute('listAccess', { server: 'files', tool: 'read' }, admin);
  assert.equal(items.find(({ member }) => member.id === ada.id)?.allowed, false);
  await hub.execute('removeGrant', { id: made.id }, admin);
  assert.equal(
    (await hub.execute('explainAccess', { member: ada.id, server: 'files', tool: 'read' }, admin)).allowed,
    true,
  );
});
