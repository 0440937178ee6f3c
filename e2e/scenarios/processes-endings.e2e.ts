// However things end, no process stays: the hub asked to stop or killed, a server that crashes or takes no hint, a client
// that is gone in the middle of a call. Every process carries a mark in its environment, by which they are counted.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type BareClient, createBareClient } from '../actors/bare-client.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import { actor } from '../actors/memory-gateway.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const mark = `MARK=${randomUUID()}`;
const onLinux = { skip: process.platform !== 'linux' && 'needs /proc' };

let hub: Hub;
let token: string;
const clients: BareClient[] = [];

before(async () => {
  hub = await startHub();
  token = (await hub.createToken()).token;
  await add('family', 'grandchild', 'per-session');
  await add('stubborn', 'ignore-sigterm', 'shared');
  await add('fragile', 'crash-on-call', 'shared');
  await add('silent', 'hang-on-call', 'per-session');
});

after(async () => {
  for (const client of clients) client.close();
  await hub?.[Symbol.asyncDispose]();
});

async function add(name: string, mode: string, isolation: string): Promise<void> {
  const env = { MARK: mark.slice('MARK='.length) };
  const transport = { type: 'stdio', command: process.execPath, args: [actor('rude-server.ts'), mode], env };
  await hub.api('POST', '/api/v1/mcp/servers', { name, transport, isolation });
  await eventually(async () => {
    const { status } = await hub.api<{ readonly status: string }>('GET', `/api/v1/mcp/servers/${name}`);
    return status === 'ready';
  }, `${name} being ready`);
}

async function open(server: string): Promise<BareClient> {
  const client = createBareClient(hub.mcp(server), token);
  clients.push(client);
  await client.open();
  return client;
}

/** Of each process of a server: the calls that wait for its answer. */
async function callsOf(server: string): Promise<number[]> {
  type Shown = { readonly running: readonly { readonly calls: number }[] };
  return (await hub.api<Shown>('GET', `/api/v1/mcp/servers/${server}`)).running.map(({ calls }) => calls);
}

/** Pids that carry the mark, descendants included. */
function marked(): number[] {
  return pids().filter((pid) => read(pid, 'environ').split('\0').includes(mark));
}

/** Children of the hub that have ended and that nobody collected. */
function zombies(): number[] {
  return pids().filter((pid) => {
    const [state, parent] = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
    return state === 'Z' && Number(parent) === hub.pid;
  });
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

async function nothingIsLeft(): Promise<void> {
  await eventually(() => marked().length === 0, 'the end of every process');
  await eventually(() => zombies().length === 0, 'the end of every zombie');
}

/** One of each server, at work; resolves with the clients and how many processes there are. */
async function populate(): Promise<number> {
  const family = await open('family');
  await family.call('tools/call', { name: 'grandchild_pid', arguments: {} });
  for (const server of ['stubborn', 'fragile']) {
    await (await open(server)).call('tools/call', { name: 'echo', arguments: { text: 'hello' } });
  }
  await open('silent');
  const { length } = marked();
  assert.ok(length >= 5, `${length} processes run, a descendant among them`);
  return length;
}

describe('no process stays', onLinux, () => {
  test('when a session ends, when a client is gone in the middle of a call, or when a server is changed', async () => {
    const family = await open('family');
    const reply = await family.call('tools/call', { name: 'grandchild_pid', arguments: {} });
    const pid = Number(textOf(reply.message?.result ?? {}));
    assert.ok(marked().includes(pid));
    await family.send({ method: 'DELETE' });
    await eventually(() => !marked().includes(pid), 'the end of a descendant');

    const before = new Set(marked());
    const silent = await open('silent');
    const call = silent.call('tools/call', { name: 'echo', arguments: {} }).catch(() => null);
    await eventually(async () => (await callsOf('silent')).includes(1), 'a call under way');
    assert.ok(marked().some((each) => !before.has(each)));
    silent.close();
    await call;
    // A session outlives its connections; what ends it ends its process, also in the middle of a call.
    const leaving = createBareClient(hub.mcp('silent'), token);
    clients.push(leaving);
    Object.assign(leaving.headers, silent.headers);
    assert.equal((await leaving.send({ method: 'DELETE' })).status, 200);
    await eventually(() => !marked().some((each) => !before.has(each)), 'the end of its process');
    await eventually(() => zombies().length === 0, 'the end of every zombie');
  });

  test('of a server that crashes, or that takes no hint', async () => {
    const fragile = await open('fragile');
    await fragile.call('tools/call', { name: 'echo', arguments: { text: 'x' } });
    const [before] = running('fragile');
    assert.ok(before !== undefined);
    await fragile.call('tools/call', { name: 'crash', arguments: {} });
    await eventually(() => !marked().includes(before), 'the end of a crashed process');

    await (await open('stubborn')).call('tools/call', { name: 'echo', arguments: { text: 'x' } });
    await eventually(() => running('stubborn').length === 1, 'the end of the one that was first contacted');
    const stubborn = running('stubborn');
    await hub.api('POST', '/api/v1/mcp/servers/stubborn/restart');
    await eventually(() => !running('stubborn').some((pid) => stubborn.includes(pid)), 'the end of a stubborn process');
    await eventually(() => zombies().length === 0, 'the end of every zombie');
  });

  test('when the hub is killed', async () => {
    verifies('CP-081', 'CP-101');
    await populate();
    await hub.kill();
    await nothingIsLeft();
    await hub.restart();
  });

  test('when the hub is asked to stop', async () => {
    await populate();
    await hub.stop();
    await nothingIsLeft();
    await hub.restart();
  });
});

/** Pids of one mode's processes. */
function running(server: 'fragile' | 'stubborn'): number[] {
  const mode = server === 'fragile' ? 'crash-on-call' : 'ignore-sigterm';
  return marked().filter((pid) => read(pid, 'cmdline').split('\0').includes(mode));
}

test('sessions from before a restart are told to begin anew, and modern clients notice nothing', async () => {
  const legacy = await open('fragile');
  const modern = createBareClient(hub.mcp('fragile'), token);
  clients.push(modern);
  const ask = () => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'bare', version: '1' },
    };
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'hi' }, _meta },
    };
    const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' };
    return modern.send({ body: JSON.stringify(body), headers });
  };
  const echo = () => legacy.call('tools/call', { name: 'echo', arguments: { text: 'hi' } });
  assert.equal(textOf((await echo()).message?.result ?? {}), 'hi');
  const before = await ask();
  assert.equal(textOf(before.message?.result ?? {}), 'hi', before.body.toString());
  await hub.restart();
  assert.equal(textOf((await ask()).message?.result ?? {}), 'hi');
  const told = await echo();
  assert.equal(told.status, 404);
  assert.match(told.message?.error?.message ?? '', /begin a new one with initialize/);
  delete legacy.headers['mcp-session-id'];
  await legacy.open();
  assert.equal(textOf((await echo()).message?.result ?? {}), 'hi');
});
