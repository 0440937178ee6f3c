import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createOutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { createOutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import type { Destination } from '@mcpvault/store/audit/destinations-store';
import type { Actor } from '../../actor.ts';
import { quiet } from '../../testing/quiet.ts';
import { createTestHub, type TestHub } from '../../testing/test-hub.ts';
import { until } from '../../testing/until.ts';
import { createCourier } from './courier.ts';
import { receiverOf } from './receivers.ts';

let hub: TestHub;
let folder: string;
const ends: (() => void)[] = [];
before(async () => {
  hub = await createTestHub();
  folder = await mkdtemp(join(tmpdir(), 'mcpvault-exports-'));
});
after(async () => {
  for (const end of ends) end();
  await hub.stop();
  await rm(folder, { recursive: true, force: true });
});

const rules = createOutboundRules({ allowed: ['127.0.0.0/8'], trust: 'none' });

function courier(name: string) {
  const { ambient, stores, auditLog } = hub;
  const deps = { sealer: hub.keyring, fetch: createOutboundFetch({ rules }), rules, clock: ambient.clock };
  const running = createCourier({
    ...{ stores, auditLog, ambient, hub: name, log: quiet },
    receiverOf: (destination: Destination) =>
      receiverOf(destination, { ...deps, folder, hostname: 'hub', version: '1.0.0' }),
  });
  running.start();
  return running;
}

async function world(): Promise<Actor> {
  const organization = await hub.addOrganization();
  return hub.addMember(organization, 'admin');
}

const teams = { actions: ['teams.*'], outcome: 'all', calls: 'none' } as const;

function filter(actions: readonly string[] = teams.actions) {
  return { ...teams, actions: [...actions] };
}

interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers with the statuses that are left, then with 200. */
async function webhook(statuses: number[]): Promise<{ url: string; taken: Delivery[]; tries(): number }> {
  const taken: Delivery[] = [];
  let tries = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    tries += 1;
    const status = statuses.shift() ?? 200;
    if (status < 300) taken.push({ headers: request.headers, body });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit`, taken, tries: () => tries };
}

function names(deliveries: readonly Delivery[]): string[] {
  return deliveries.flatMap(({ body }) => {
    const { data } = JSON.parse(body) as { data: { events: { subject: string }[] } };
    return data.events.map(({ subject }) => subject);
  });
}

test('events are delivered in order and signed, what was refused comes again, and nothing else is told', async () => {
  const admin = await world();
  const { url, taken, tries } = await webhook([500, 503]);
  const transport = { type: 'webhook', url } as const;
  const draft = { name: 'hook', transport, format: 'jsonl', filter: filter(), from: 'now' } as const;
  const { secret, destination } = await hub.execute('createDestination', draft, admin);
  const made: string[] = [];
  for (let n = 0; n < 5; n += 1) made.push((await hub.execute('createTeam', { name: `t${n}` }, admin)).id);
  const running = courier('one');
  await until(async () => {
    hub.ambient.clock.time += 2_000;
    return names(taken).length >= 5;
  });
  assert.deepEqual(names(taken), made);
  assert.ok(tries() >= 3);
  const [first] = taken;
  assert.ok(first && secret);
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = first.headers;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  assert.equal(
    signature,
    `v1,${createHmac('sha256', key)
      .update(`${String(id)}.${String(at)}.${first.body}`)
      .digest('base64')}`,
  );
  await until(async () => {
    const { items } = await hub.execute('listDestinations', {}, admin);
    return items[0]?.state.is === 'current';
  });
  const { items } = await hub.execute('listDestinations', {}, admin);
  assert.deepEqual([items[0]?.id, items[0]?.state.delivered, items[0]?.state.failures], [destination.id, 5, 0]);
  assert.equal(JSON.stringify(items).includes(secret), false);
  await running.stop();
  await hub.execute('removeDestination', { id: destination.id }, admin);
});

test('a receiver that fails is shown with why and what helps, and one that wants nothing any more is turned off', async () => {
  const admin = await world();
  const gone = await webhook([410]);
  const drafts = {
    gone: { type: 'webhook', url: gone.url },
    nobody: { type: 'syslog', host: '127.0.0.1', port: 1, tls: false, ca: null },
    forbidden: { type: 'syslog', host: '10.0.0.1', port: 514, tls: false, ca: null },
  } as const;
  for (const [name, transport] of Object.entries(drafts)) {
    await hub.execute('createDestination', { name, transport, format: 'ocsf', filter: filter() }, admin);
  }
  await hub.execute('createTeam', { name: 'seen' }, admin);
  const running = courier('one');
  const state = async (name: string) => {
    const { items } = await hub.execute('listDestinations', {}, admin);
    return items.find((item) => item.name === name);
  };
  await until(async () => (await state('nobody'))?.state.problem !== null && (await state('gone'))?.enabled === false);
  await until(async () => (await state('forbidden'))?.state.problem !== null);
  await running.stop();
  const nobody = await state('nobody');
  assert.deepEqual([nobody?.state.is, nobody?.state.problem?.why], ['failing', 'nobody listens there (ECONNREFUSED)']);
  assert.match(nobody?.state.problem?.fix ?? '', /Start the receiver/);
  assert.match((await state('forbidden'))?.state.problem?.why ?? '', /private network/);
  assert.equal((await state('gone'))?.state.is, 'off');
  const draft = { name: 'x', format: 'jsonl' } as const;
  const inside = { type: 'webhook', url: 'http://169.254.169.254/latest' } as const;
  await assert.rejects(hub.execute('createDestination', { ...draft, transport: inside }, admin), /never asked/);
});

test('two hubs share the work, and each event is told by one of them', async () => {
  const admin = await world();
  const { url, taken } = await webhook([]);
  const transport = { type: 'webhook', url } as const;
  await hub.execute('createDestination', { name: 'shared', transport, format: 'jsonl', filter: filter() }, admin);
  const both = [courier('one'), courier('two')];
  const made: string[] = [];
  for (let n = 0; n < 12; n += 1) made.push((await hub.execute('createTeam', { name: `s${n}` }, admin)).id);
  await until(async () => names(taken).length >= 12);
  await Promise.all(both.map((each) => each.stop()));
  assert.deepEqual(names(taken), made);
});

test('a hub that was killed in the middle is followed by another, which tells again what was not noted', async () => {
  const admin = await world();
  const { url, taken } = await webhook([]);
  const transport = { type: 'webhook', url } as const;
  const { destination } = await hub.execute(
    'createDestination',
    { name: 'killed', transport, format: 'jsonl', filter: filter() },
    admin,
  );
  const { id } = await hub.execute('createTeam', { name: 'before' }, admin);
  const { clock } = hub.ambient;
  const held = await hub.stores.destinations.hold('dead', clock.now(), clock.now() + 20_000);
  assert.equal(held?.id, destination.id);
  const running = courier('alive');
  assert.equal(await hub.stores.destinations.hold('other', clock.now(), clock.now() + 1), null);
  clock.time += 20_001;
  await until(async () => names(taken).length >= 1);
  await running.stop();
  assert.deepEqual(names(taken), [id]);
  const late = { next: 99, events: 1, at: clock.now(), heldUntil: clock.now() };
  assert.ok(held);
  assert.equal(await hub.stores.destinations.delivered('dead', held, late), false);
});

test('files hold what was delivered, one a day, readable by nobody else', async () => {
  const admin = await world();
  const draft = { transport: { type: 'file' }, filter: filter(), from: 'beginning' } as const;
  for (const format of ['csv', 'jsonl', 'ocsf'] as const) {
    await hub.execute('createDestination', { ...draft, name: format, format, filter: filter() }, admin);
  }
  await hub.execute('createTeam', { name: 'one' }, admin);
  await hub.execute('createTeam', { name: 'two' }, admin);
  const running = courier('one');
  await until(async () => {
    const { items } = await hub.execute('listDestinations', {}, admin);
    return items.every(({ state }) => state.is === 'current');
  });
  await running.stop();
  const { items } = await hub.execute('listDestinations', {}, admin);
  for (const { id, format } of items) {
    const [file = ''] = await readdir(join(folder, id));
    const lines = (await readFile(join(folder, id, file), 'utf8')).trimEnd().split('\n');
    assert.equal(lines.length, format === 'csv' ? 3 : 2, file);
    assert.ok(lines.every((line) => format === 'csv' || JSON.parse(line)));
  }
});

test('over syslog a receiver that breaks off before it read everything gets it all again', async () => {
  const admin = await world();
  let connections = 0;
  let read = '';
  const server = createTcpServer((socket) => {
    connections += 1;
    if (connections === 1) return void socket.once('data', () => socket.destroy());
    socket.on('data', (chunk) => {
      read += chunk.toString();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const transport = { type: 'syslog', host: '127.0.0.1', port, tls: false, ca: null } as const;
  await hub.execute('createDestination', { name: 'log', transport, format: 'jsonl', filter: filter() }, admin);
  const { id } = await hub.execute('createTeam', { name: 'told' }, admin);
  const running = courier('one');
  await until(async () => {
    hub.ambient.clock.time += 2_000;
    const { items } = await hub.execute('listDestinations', {}, admin);
    return items[0]?.state.is === 'current';
  });
  await running.stop();
  assert.ok(connections >= 2);
  assert.match(read, new RegExp(`^\\d+ <110>1 \\S+ hub mcpvault - teams\\.create - .*"subject":"${id}"`));
});
