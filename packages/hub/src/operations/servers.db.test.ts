// How servers are kept and shown: what members see of them, what of a definition comes back, and what a change makes.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Actor } from '../actor.ts';
import { createTestHub, stdio, type TestHub } from '../testing/test-hub.ts';

type TestMember = Awaited<ReturnType<TestHub['addMember']>>;

let hub: TestHub;
let organization: Awaited<ReturnType<TestHub['addOrganization']>>;
let admin: TestMember;
let member: TestMember;
before(async () => {
  hub = await createTestHub();
});
beforeEach(async () => {
  organization = await hub.addOrganization();
  admin = await hub.addMember(organization, 'admin');
  member = await hub.addMember(organization, 'member');
  for (const name of ['one', 'spare']) await hub.execute('createServer', { name, transport: stdio }, admin);
  await hub.execute('createGrant', { subject: { type: 'member', id: member.id }, server: 'one' }, admin);
});
after(() => hub.stop());

test('backend leak: members see only servers granted to them, without how they are run, and only the granted tools', async () => {
  hub.gateway.answer = {
    protocol: '2025-11-25',
    serverInfo: {},
    tools: ['a', 'b', 'c'].map((name) => ({ name, inputSchema: { type: 'object' } })),
  };
  await hub.execute('checkServer', { id: 'spare' }, admin);
  assert.deepEqual(await names(member), ['one']);
  await hub.execute(
    'createGrant',
    { subject: { type: 'member', id: member.id }, server: 'spare', tools: ['b'] },
    admin,
  );
  assert.deepEqual((await names(member)).sort(), ['one', 'spare']);
  const shown = await hub.execute('getServer', { id: 'spare' }, member);
  assert.equal(shown.transport, undefined);
  const { items } = await hub.execute('listServerTools', { id: 'spare' }, member);
  assert.deepEqual(
    items.map((tool) => tool.name),
    ['b'],
  );
  const page = await hub.execute('listServerTools', { id: 'spare', limit: 2 }, admin);
  assert.deepEqual([page.items.length, page.next], [2, 'b']);
  const rest = await hub.execute('listServerTools', { id: 'spare', cursor: 'b' }, admin);
  assert.deepEqual([rest.items.map((tool) => tool.name), rest.next], [['c'], null]);
});

async function names(actor: Actor): Promise<string[]> {
  return (await hub.execute('listServers', {}, actor)).items.map((server) => server.name);
}

test('values of env are never shown, and can be kept without being known', async () => {
  const shown = await hub.execute('getServer', { id: 'one' }, admin);
  assert.deepEqual(shown.transport, { type: 'stdio', command: 'node', args: ['server.js'], env: ['API_KEY'] });
  const transport = { ...stdio, args: ['other.js'], env: { API_KEY: null, MORE: 'x' } };
  const updated = await hub.execute('updateServer', { id: 'one', transport }, admin);
  assert.equal(updated.version, 2);
  const held = hub.catalog.servers(organization).find(({ entry }) => entry.name === 'one');
  assert.deepEqual(held?.entry.transport, { ...stdio, args: ['other.js'], env: { API_KEY: 'hidden', MORE: 'x' } });
  const unknown = { ...stdio, env: { NEVER: null } };
  await assert.rejects(hub.execute('updateServer', { id: 'one', transport: unknown }, admin), {
    code: 'invalid_params',
  });
});

test('how processes are run is kept with the version, and a change of a part leaves the rest', async () => {
  const sandbox = { mode: 'required' as const, write: ['/srv/notes'] };
  const made = await hub.execute(
    'createServer',
    {
      name: 'held',
      transport: stdio,
      isolation: 'shared',
      processes: { connections: 3, sandbox, limits: { memory: 512 } },
    },
    admin,
  );
  assert.deepEqual(made.processes, {
    ...{ connections: 3, callsPerConnection: 256, queue: 1000, queueSeconds: 30, sessionContext: 'declared' },
    sandbox: { mode: 'required', network: true, read: [], write: ['/srv/notes'] },
    limits: { memory: 512, cpuSeconds: null, processes: null, lifeSeconds: null, callSeconds: null },
  });
  const { id } = made;
  const changed = await hub.execute(
    'updateServer',
    { id, processes: { queue: 5, sandbox: { network: false }, limits: { memory: null } } },
    admin,
  );
  assert.equal(changed.version, 2);
  assert.equal(changed.processes?.connections, 3);
  assert.equal(changed.processes?.queue, 5);
  assert.deepEqual(changed.processes?.sandbox, { mode: 'required', network: false, read: [], write: ['/srv/notes'] });
  assert.equal(changed.processes?.limits.memory, null);
  const entry = hub.catalog
    .servers(admin.caller?.organization ?? 'org_none')
    .find((known) => known.entry.id === id)?.entry;
  assert.deepEqual(entry?.processes, changed.processes);
  assert.equal((await hub.execute('updateServer', { id, processes: { queue: 5 } }, admin)).version, 2);
  await assert.rejects(hub.execute('updateServer', { id, processes: { connections: 51 } }, admin), {
    code: 'invalid_params',
  });
  const relative = { sandbox: { read: ['relative'] } };
  await assert.rejects(hub.execute('updateServer', { id, processes: relative }, admin), { code: 'invalid_params' });
});

test('a change that changes nothing makes no version; a change of transport replaces what runs', async () => {
  const { id, version } = await hub.execute('getServer', { id: 'one' }, admin);
  const same = { ...stdio, env: { API_KEY: null } };
  assert.equal((await hub.execute('updateServer', { id, transport: same }, admin)).version, version);
  assert.deepEqual(
    hub.gateway.closed.filter(({ server }) => server === id),
    [],
  );
  await hub.execute('updateServer', { id, transport: { ...stdio, args: [] } }, admin);
  await hub.execute('updateServer', { id, enabled: false }, admin);
  await hub.execute('removeServer', { id }, admin);
  assert.deepEqual(
    hub.gateway.closed.filter(({ server }) => server === id).map(({ why }) => why),
    ['the server was switched off', 'the server was retired'],
  );
  assert.deepEqual(
    hub.gateway.replaced.filter(({ server }) => server === id).map(({ why }) => why),
    ['the server was changed'],
  );
});
