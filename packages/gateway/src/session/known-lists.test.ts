import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type RunningGateway, startGateway } from '../testing/compose.ts';

let server: Server;
/** Lists that the server was asked for. */
let asked: number;
/** What it promises for its lists; null promises nothing, as legacy servers do. */
let ttlMs: number | null;
let era: 'legacy' | 'modern';
let running: RunningGateway;

before(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const { id, method } = JSON.parse(body) as { id?: number; method: string };
    if (id === undefined) return void response.writeHead(202).end();
    const results: Record<string, object> = {
      ...(era === 'modern' && {
        'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
      }),
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 's', version: '1' },
      },
      'tools/list': {
        tools: [{ name: 'first' }, { name: `asked ${asked + 1} times` }],
        ...(ttlMs !== null && { ttlMs }),
      },
    };
    if (method === 'tools/list') asked++;
    response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'upstream' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

after(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  asked = 0;
  ttlMs = null;
  era = 'legacy';
  running = await startGateway();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  running.host.addToken('token');
  running.host.addToken('other', { name: 'other', role: 'member' });
  running.host.addServer({ name: 'echo', transport: { type: 'streamable-http', url, headers: {} } });
  running.host.grant('other', 'echo', null);
});

afterEach(() => running.close());

interface Asking {
  readonly token?: string;
  readonly session?: string | undefined;
  readonly modern?: boolean;
}

async function post(method: string, params: object, { token = 'token', session, modern = false }: Asking = {}) {
  const response = await fetch(running.mcp('echo'), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(session !== undefined && { 'mcp-session-id': session }),
      ...(modern && { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: ++ids, method, params }),
  });
  const { id, result, error } = (await response.json()) as {
    id: number;
    result?: { tools: { name: string }[] };
    error?: object;
  };
  assert.equal(id, ids);
  return { names: result?.tools?.map(({ name }) => name) ?? null, error, headers: response.headers };
}
let ids = 0;

async function session(token = 'token'): Promise<string> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
  const { headers } = await post('initialize', params, { token });
  const id = headers.get('mcp-session-id') ?? '';
  // A list that is asked for in the millisecond of something else is not remembered.
  await nextMillisecond();
  return id;
}

async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() === now) await new Promise((resolve) => setImmediate(resolve));
}

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

test('a session that asks for the same list again gets it without the server, under the new id', async () => {
  const own = await session();
  assert.deepEqual((await post('tools/list', {}, { session: own })).names, ['first', 'asked 1 times']);
  assert.deepEqual((await post('tools/list', {}, { session: own })).names, ['first', 'asked 1 times']);
  assert.equal(asked, 1);
});

test('whatever else the session does may change the list, so that the server is asked again', async () => {
  const own = await session();
  await post('tools/list', {}, { session: own });
  await nextMillisecond();
  await post('tools/call', { name: 'first', arguments: {} }, { session: own });
  await nextMillisecond();
  assert.deepEqual((await post('tools/list', {}, { session: own })).names, ['first', 'asked 2 times']);
});

test('another question is another list', async () => {
  const own = await session();
  await post('tools/list', {}, { session: own });
  await post('tools/list', { cursor: 'a' }, { session: own });
  assert.equal(asked, 2);
});

test('no session gets what another was listed', async () => {
  const own = await session();
  await post('tools/list', {}, { session: own });
  for (const token of ['token', 'other']) {
    const another = await session(token);
    await post('tools/list', {}, { token, session: another });
  }
  assert.equal(asked, 3);
});

test('what a caller may see is decided anew each time', async () => {
  const own = await session('other');
  const asking = { token: 'other', session: own };
  assert.deepEqual((await post('tools/list', {}, asking)).names, ['first', 'asked 1 times']);
  running.host.grant('other', 'echo', ['first']);
  assert.deepEqual((await post('tools/list', {}, asking)).names, ['first']);
  running.host.withdraw('other', 'echo');
  assert.notEqual((await post('tools/list', {}, asking)).error, undefined);
  assert.equal(asked, 1);
});

test('each answer is recorded, whoever gave it', async () => {
  const own = await session();
  await post('tools/list', {}, { session: own });
  await post('tools/list', {}, { session: own });
  const lists = running.host.records.filter(({ draft }) => draft.method === 'tools/list');
  assert.deepEqual(
    lists.map(({ response }) => String(response).includes('asked 1 times')),
    [true, true],
  );
});

test('a modern list holds for as long as its server says, for everybody who asks by the same right', async () => {
  era = 'modern';
  const list = (token: string) => post('tools/list', { _meta: meta }, { token, modern: true });
  await list('token');
  await list('token');
  const unpromised = asked;
  ttlMs = 60_000;
  await list('token');
  await list('token');
  assert.equal(asked, unpromised + 1);
  await list('other');
  assert.equal(asked, unpromised + 2);
});
