// Pools of processes: how many there are, who gets the next free one, how long calls wait, what a process is told of who
// asks, and what becomes of one that is idle, old, outdated or stuck.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type BareClient, type BareReply, createBareClient } from '../actors/bare-client.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import {
  actor,
  type MemoryGateway,
  type MemoryServer,
  overStdio,
  startMemoryGateway,
} from '../actors/memory-gateway.ts';
import { verifies } from '../requirements.ts';

const busy = 4291;
const late = 5040;
const unavailable = 5030;

let gateway: MemoryGateway;
let folder: string;
let gates = 0;
const clients: BareClient[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpvault-pool-'));
  gateway = await startMemoryGateway({
    settings: { maxProcessesPerMember: 3, callTimeout: 20_000 },
    servers: [
      knowing('pool', { connections: 3, callsPerConnection: 1, queue: 2, queueSeconds: 20 }),
      knowing('one-by-one', { connections: 1, callsPerConnection: 1 }),
      knowing('impatient', { connections: 1, callsPerConnection: 1, queueSeconds: 1 }),
      knowing('slow-one', { connections: 4, callsPerConnection: 100 }),
      knowing('context', {}),
      knowing('no-context', { sessionContext: 'never' }),
      knowing('tasks', {}),
      knowing('changing', {}),
      knowing('own-changing', {}, 'per-session'),
      knowing('timed', { limits: { callSeconds: 1 } }),
      knowing('closing', { connections: 1, callsPerConnection: 1 }),
      knowing('mortal', { limits: { lifeSeconds: 1 } }),
      knowing('own', {}, 'per-session'),
      { ...overStdio('plain', [actor('rude-server.ts'), 'exact'], 'shared') },
      { ...overStdio('flooding', [actor('rude-server.ts'), 'babble', '2000'], 'shared') },
    ],
  });
  for (const name of ['ann', 'bob', 'cy']) await gateway.order({ do: 'add-token', token: name, name, role: 'admin' });
});

after(async () => {
  for (const client of clients) client.close();
  await gateway?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function knowing(name: string, processes: object, isolation: MemoryServer['isolation'] = 'shared'): MemoryServer {
  return { ...overStdio(name, [actor('session-server.ts')], isolation), processes };
}

async function open(server: string, token = 'ann'): Promise<BareClient> {
  const client = createBareClient(gateway.mcp(server), token);
  clients.push(client);
  await client.open();
  return client;
}

function use(client: BareClient, name: string, args: object = {}, more: object = {}): Promise<BareReply> {
  return client.call('tools/call', { name, arguments: args, ...more });
}

async function said(reply: BareReply | Promise<BareReply>): Promise<string> {
  const { message, body } = await reply;
  assert.ok(message?.result !== undefined, body.toString());
  return textOf(message.result);
}

async function refused(reply: Promise<BareReply>, code: number, why: RegExp): Promise<void> {
  const { message, body } = await reply;
  assert.equal(message?.error?.code, code, body.toString());
  assert.match(message.error.message, why);
}

/** What the tool `until` waits for. */
function gate(): { readonly file: string; open(): Promise<void> } {
  const file = join(folder, String(++gates));
  return { file, open: () => writeFile(file, '') };
}

const waiting = async () => (await gateway.load()).waiting;
const processes = (name: string) =>
  gateway.order<{ readonly pid: number; readonly calls: number }[]>({ do: 'processes', name });

describe('a pool', () => {
  test('spreads calls over as many processes as it may have, lets some wait, and refuses one more', async () => {
    verifies('CP-105', 'CP-106', 'CP-113', 'CP-149');
    const one = await open('pool');
    const two = await open('pool');
    const held = gate();
    const blocked = [];
    for (let calls = 1; calls <= 5; calls++) {
      blocked.push(use(calls % 2 === 0 ? one : two, 'until', { text: held.file }));
      const underway = Math.min(calls, 3);
      await eventually(
        async () => (await processes('pool')).filter((each) => each.calls === 1).length === underway,
        `${underway} processes at work`,
      );
      await eventually(async () => (await waiting()) === calls, `${calls} calls under way`);
    }
    await refused(use(one, 'echo', { text: 'too many' }), busy, /processes of the server "pool".*one too many to wait/);
    const running = await processes('pool');
    assert.equal(running.length, 3);
    assert.deepEqual(
      running.map(({ calls }) => calls),
      [1, 1, 1],
    );
    await held.open();
    assert.deepEqual(
      await Promise.all(blocked.map(said)),
      Array.from({ length: 5 }, () => 'there'),
    );
    assert.equal(await said(use(two, 'echo', { text: 'again' })), 'again');
  });

  test('lets members take turns, however much one of them asks', async () => {
    const ann = await open('one-by-one', 'ann');
    const bob = await open('one-by-one', 'bob');
    const held = gate();
    const first = use(ann, 'until', { text: held.file });
    await eventually(async () => (await waiting()) === 1);
    const many = Array.from({ length: 6 }, () => use(ann, 'order'));
    await eventually(async () => (await waiting()) === 7);
    const single = said(use(bob, 'order'));
    await eventually(async () => (await waiting()) === 8);
    await held.open();
    await Promise.all([first, ...many]);
    assert.ok(Number(await single) <= 1, 'the second in line, not the seventh');
  });

  test('says so when a call has waited too long', async () => {
    const one = await open('impatient');
    const held = gate();
    const long = use(one, 'until', { text: held.file });
    await eventually(async () => (await waiting()) === 1);
    await refused(use(one, 'echo'), busy, /waited too long for its turn.*for 1 s each/);
    await held.open();
    await said(long);
  });

  test('starts another process when one is slow', async () => {
    const one = await open('slow-one');
    const held = gate();
    const slow = Array.from({ length: 12 }, () => use(one, 'until', { text: held.file }));
    await eventually(async () => {
      await said(use(one, 'order'));
      return (await processes('slow-one')).length > 1;
    }, 'a second process');
    await held.open();
    await Promise.all(slow);
  });

  test('ends idle processes although sessions stay open, and starts them again for the next call', async () => {
    await using short = await startMemoryGateway({ settings: { processIdle: 500 }, servers: [knowing('idle', {})] });
    const one = createBareClient(short.mcp('idle'), short.token);
    await one.open();
    const before = await said(use(one, 'pid'));
    const running = () => short.order<object[]>({ do: 'processes', name: 'idle' });
    await eventually(async () => (await running()).length === 0, 'the end of an idle process');
    const after = await said(use(one, 'pid'));
    assert.notEqual(after, before);
    one.close();
  });
});

describe('the session context', () => {
  test('says who asks, to servers that declare that they understand it', async () => {
    verifies('CP-102', 'CP-116', 'CP-117', 'CP-118', 'CP-119', 'CP-120');
    const ann = await open('context', 'ann');
    const bob = await open('context', 'bob');
    const [a, b] = [JSON.parse(await said(use(ann, 'whoami'))), JSON.parse(await said(use(bob, 'whoami')))];
    assert.equal(a.member, 'mem_ann');
    assert.equal(b.member, 'mem_bob');
    assert.equal(a.organization, 'org_1');
    assert.match(a.session, /^con_/);
    assert.notEqual(a.session, b.session);
    assert.deepEqual(a.context.client, { name: 'bare', version: '1.0.0' });
    await use(ann, 'keep', { text: 'of ann' });
    await use(bob, 'keep', { text: 'of bob' });
    assert.equal(await said(use(ann, 'kept')), 'of ann');
  });

  test('cannot be forged, not even in another spelling, and two of them are refused', async () => {
    verifies('CP-107');
    const ann = await open('context', 'ann');
    const forged = { session: 'con_forged', member: 'mem_bob' };
    for (const key of ['io.mcpvault/session', 'io.mcpvault\\/session', 'io\\u002emcpvault/session']) {
      const params = `{"name":"whoami","_meta":{"${key}":${JSON.stringify(forged)},"other":1}}`;
      assert.equal(JSON.parse(await said(ann.call('tools/call', params))).member, 'mem_ann', key);
    }
    const twice = `{"name":"whoami","_meta":{"io.mcpvault/session":1,"io.mcpvault/session":2}}`;
    await refused(ann.call('tools/call', twice), -32600, /appears twice/);
  });

  test('stays away from servers that do not know it, and what a client puts in its place too', async () => {
    verifies('CP-104');
    const plain = await open('plain');
    const heard = await said(plain.call('tools/call', { name: 'heard', arguments: {} }));
    assert.ok(!heard.includes('io.mcpvault'), heard);
    const _meta = { 'io.mcpvault/session': { member: 'mem_bob' } };
    const again = await said(plain.call('tools/call', { name: 'heard', arguments: {}, _meta }));
    assert.ok(again.includes('"io.mcpvault/session":null') && !again.includes('mem_bob'), again);
    const never = await open('no-context');
    assert.equal(await said(use(never, 'whoami')), 'null');
  });
});

describe('what a process says', () => {
  test('and asks without naming a session reaches none, and it is told so', async () => {
    const [one, two] = [await open('context'), await open('context', 'bob')];
    const listening = await two.stream({ method: 'GET', headers: { accept: 'text/event-stream' } });
    assert.match(await said(use(one, 'ask-anybody', { text: 'who is there?' })), /does not say which one/);
    await said(use(one, 'mutter', { text: 'to myself' }));
    await two.call('resources/subscribe', { uri: 'test://watched' });
    await said(use(one, 'touch', { text: 'test://watched' }));
    const events = await listening.atLeast(1);
    assert.deepEqual(
      events.filter(({ data }) => data !== '').map(({ data }) => JSON.parse(data).params.uri),
      ['test://watched'],
    );
    listening.cut();
  });

  test('in floods is dropped, and calls are answered all the same', async () => {
    const one = await open('flooding');
    assert.equal(await said(use(one, 'echo', { text: 'heard' })), 'heard');
    await eventually(
      async () => (await gateway.log()).some(({ text }) => /says more unasked than anybody can hear/.test(text)),
      'a line in the log',
    );
    assert.equal(await said(use(one, 'echo', { text: 'heard again' })), 'heard again');
  });
});

test('a task is its member’s: to others there is none', async () => {
  verifies('CP-146');
  const ann = await open('tasks', 'ann');
  const bob = await open('tasks', 'bob');
  const make = async (client: BareClient, text: string) => {
    const { message } = await use(client, 'echo', { text }, { task: {} });
    return (message?.result?.['task'] as { readonly taskId: string }).taskId;
  };
  const [a, b] = [await make(ann, 'a'), await make(bob, 'b')];
  assert.equal((await ann.call('tasks/get', { taskId: a })).message?.result?.['status'], 'working');
  for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
    await refused(bob.call(method, { taskId: a }), -32602, /no such task/);
    await refused(ann.call(method, { taskId: 'made-up' }), -32602, /no such task/);
  }
  const listed = async (client: BareClient) =>
    ((await client.call('tasks/list')).message?.result?.['tasks'] as { taskId: string }[]).map(({ taskId }) => taskId);
  assert.deepEqual([await listed(ann), await listed(bob)], [[a], [b]]);
  assert.deepEqual(await listed(await open('tasks', 'cy')), []);
  assert.equal(await said((await open('tasks', 'ann')).call('tasks/result', { taskId: a })), `result of ${a}`);
});

describe('a changed server', () => {
  test('answers the calls under way as it was, and the next ones as it is, in the same session', async () => {
    const one = await open('changing');
    const before = await said(use(one, 'pid'));
    const held = gate();
    const underway = use(one, 'until', { text: held.file });
    await eventually(async () => (await waiting()) === 1);
    await gateway.order({ do: 'replace-server', server: knowing('changing', { sessionContext: 'never' }) });
    await held.open();
    assert.equal(await said(underway), 'there');
    await eventually(async () => (await processes('changing')).length === 0, 'the end of the older version');
    assert.notEqual(await said(use(one, 'pid')), before);
    assert.equal(await said(use(one, 'whoami')), 'null');
  });

  test('that keeps something for its session finishes its calls, and then the client begins anew', async () => {
    const one = await open('own-changing');
    await said(use(one, 'echo', { text: 'x' }));
    const held = gate();
    const underway = use(one, 'until', { text: held.file });
    await eventually(async () => (await waiting()) === 1);
    await gateway.order({ do: 'replace-server', server: knowing('own-changing', {}, 'per-session') });
    await held.open();
    assert.equal(await said(underway), 'there');
    await eventually(async () => (await processes('own-changing')).length === 0, 'the end of the older version');
    assert.equal((await use(one, 'echo')).status, 404);
    delete one.headers['mcp-session-id'];
    await one.open();
    assert.equal(await said(use(one, 'echo', { text: 'anew' })), 'anew');
  });
});

test('a server that was closed starts nothing any more, although calls and subscriptions wait for it', async () => {
  const one = await open('closing');
  await one.call('resources/subscribe', { uri: 'test://watched' });
  const calls = [use(one, 'hang'), use(one, 'echo')];
  await eventually(async () => (await waiting()) === 2, 'a call under way and one in the queue');
  await gateway.log();
  await gateway.order({ do: 'close-server', name: 'closing' });
  for (const call of calls) assert.notEqual((await call).message?.error, undefined);
  await eventually(async () => (await processes('closing')).length === 0, 'the end of its process');
  assert.equal((await gateway.log()).filter(({ text }) => text === 'server process started').length, 0);
});

describe('limits', () => {
  test('a call that takes longer than it may fails, and a process that hangs is ended', async () => {
    verifies('CP-057');
    const one = await open('timed');
    const before = await said(use(one, 'pid'));
    await refused(use(one, 'hang'), late, /longer than the 1 s/);
    assert.equal(await said(use(one, 'pid')), before, 'it was only slow');
    await refused(use(one, 'block', { ms: 600_000 }), late, /longer than the 1 s/);
    await eventually(async () => {
      const reply = await use(one, 'pid');
      return reply.message?.result !== undefined && textOf(reply.message.result) !== before;
    }, 'another process');
  });

  test('a process that has lived as long as it may is replaced, and no call notices', async () => {
    const one = await open('mortal');
    const before = await said(use(one, 'pid'));
    await eventually(async () => (await said(use(one, 'pid'))) !== before, 'another process');
  });

  test('a member gets as many processes as one may have, and a reason for there being no more', async () => {
    verifies('CP-110');
    const mine = [];
    for (let sessions = 0; sessions < 3; sessions++) mine.push(await open('own', 'cy'));
    assert.equal((await processes('own')).length, 3, 'one for each session');
    const more = createBareClient(gateway.mcp('own'), 'cy');
    clients.push(more);
    const reply = await more.call('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
    assert.equal(reply.message?.error?.code, busy, reply.body.toString());
    assert.match(reply.message.error.message, /All 3 processes that you may have are in use/);
    await mine[0]?.send({ method: 'DELETE' });
    await eventually(async () => {
      const again = await more.call('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
      return again.message?.result !== undefined;
    }, 'room for another session');
  });

  test('a process that crashed is said to be back in a moment, and is', async () => {
    verifies('CP-109');
    const one = await open('context');
    for (let crash = 1; crash <= 2; crash++) await refused(use(one, 'crash'), unavailable, /ended: .*7/);
    await eventually(
      async () => (await use(one, 'echo', { text: 'back' })).message?.result !== undefined,
      'a new process',
    );
  });
});
