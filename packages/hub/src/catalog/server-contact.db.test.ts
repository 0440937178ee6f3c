import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import type { ServerId } from '@mcpvault/domain/ids';
import { createTestHub, stdio, type TestHub } from '../testing/test-hub.ts';
import { until } from '../testing/until.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

const answering = { protocol: '2025-11-25', serverInfo: {}, tools: [{ name: 'b' }, { name: 'a', title: 'A' }] };
const broken = new Failure('upstream_unavailable', 'The command "x" was not found.', { fix: 'Install it on the hub.' });

/** An organization with one server, first contact included. */
async function withServer(answer: typeof answering | Failure) {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  hub.gateway.answer = answer;
  const { id } = await hub.execute('createServer', { name: 'one', transport: stdio }, admin);
  const shown = () => hub.execute('getServer', { id }, admin);
  await until(async () => (await shown()).status !== 'connecting');
  // It is written before the catalogue has followed.
  await until(() => hub.catalog.servers(organization).every(({ status }) => status !== 'connecting'));
  return { organization, admin, id: id as ServerId, shown };
}

test('first contact with a server that answers makes it ready, with its tools in their order', async () => {
  const { admin, id, shown } = await withServer(answering);
  const server = await shown();
  assert.deepEqual([server.status, server.reason, server.tools], ['ready', null, 2]);
  const { items } = await hub.execute('listServerTools', { id }, admin);
  assert.deepEqual(
    items.map(({ review, ...tool }) => [tool, review?.state]),
    [
      [{ name: 'b', mergedName: `${server.name}__b`, inputSchema: {} }, 'approved'],
      [{ name: 'a', mergedName: `${server.name}__a`, title: 'A', inputSchema: {} }, 'approved'],
    ],
  );
});

test('one that does not answer is unavailable, with the reason and the fix, and keeps the tools it had', async () => {
  const { admin, id } = await withServer(answering);
  hub.gateway.answer = broken;
  const checked = await hub.execute('checkServer', { id }, admin);
  assert.deepEqual(
    [checked.status, checked.reason, checked.fix, checked.tools],
    ['unavailable', 'The command "x" was not found.', 'Install it on the hub.', 2],
  );
});

test('a conversation that fails or succeeds is felt in the status', async () => {
  const { id, shown } = await withServer(answering);
  await until(async () => {
    hub.contact.observed(id, { ready: false, reason: 'It hung up.' });
    return (await shown()).status === 'unavailable';
  });
  assert.equal((await shown()).reason, 'It hung up.');
  const asked = hub.gateway.probed.length;
  await until(() => {
    hub.contact.observed(id, { ready: true, reason: null });
    return hub.gateway.probed.length > asked;
  });
  await until(async () => (await shown()).status === 'ready');
  assert.equal(hub.gateway.probed.length, asked + 1);
  hub.contact.observed(id, { ready: true, reason: null });
  assert.equal(hub.gateway.probed.length, asked + 1);
});

test('a server that is switched off is not contacted', async () => {
  const { admin, id, shown } = await withServer(answering);
  await hub.execute('updateServer', { id, enabled: false }, admin);
  const asked = hub.gateway.probed.length;
  await assert.rejects(hub.execute('checkServer', { id }, admin), { code: 'conflict' });
  assert.equal(hub.gateway.probed.length, asked);
  assert.deepEqual([(await shown()).status, (await shown()).fix], ['disabled', 'Switch it on.']);
});

test('a bug in contacting is not shown to people', async () => {
  const { admin, id } = await withServer(answering);
  hub.gateway.answer = new TypeError('secret inside');
  const checked = await hub.execute('checkServer', { id }, admin);
  assert.equal(checked.status, 'unavailable');
  assert.ok(!checked.reason?.includes('secret inside'));
});

test('those that do not answer are tried again, each time later', async (t) => {
  const { id, organization } = await withServer(broken);
  const asked = () => hub.gateway.probed.filter((server) => server === id).length;
  const settle = () => new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(asked(), 1);
  t.mock.timers.enable({ apis: ['setInterval'] });
  hub.contact.start();
  const pass = (seconds: number) => {
    hub.ambient.clock.time += seconds * 1000;
    t.mock.timers.tick(5_000);
  };
  const stays = async (seconds: number, times: number) => {
    pass(seconds);
    await settle();
    assert.equal(asked(), times);
  };
  const becomes = async (seconds: number, times: number) => {
    pass(seconds);
    // What came of it is written down, and the catalogue has followed, before the next look.
    await until(async () => {
      const server = await hub.stores.servers.byId(organization, id);
      const known = hub.catalog.servers(organization).find(({ entry }) => entry.id === id);
      const isWritten = server?.checkedAt === hub.ambient.clock.time && known?.status === server.status;
      return asked() === times && isWritten;
    });
  };
  await stays(5, 1);
  await becomes(5, 2);
  await stays(15, 2);
  await becomes(5, 3);
  hub.gateway.answer = answering;
  await becomes(40, 4);
  await stays(4000, 4);
});
