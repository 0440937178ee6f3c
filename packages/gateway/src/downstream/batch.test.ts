// Batches of 2025-03-26, through a gateway with a host in memory and a small server behind it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type RunningGateway, startGateway } from '../testing/compose.ts';

let server: Server;
let running: RunningGateway;
/** What the server was sent, message by message. */
const heard: string[] = [];

before(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.method !== 'POST') return void response.writeHead(405).end();
    heard.push(body);
    const { id, method, params } = JSON.parse(body) as {
      id?: number;
      method: string;
      params?: { name?: string; protocolVersion?: string };
    };
    if (id === undefined) return void response.writeHead(202).end();
    if (params?.name === 'telling') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        `data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":7,"progress":1}}\n\n`,
      );
      return void response.end(`data: {"jsonrpc":"2.0","id":${id},"result":{"content":[]}}\n\n`);
    }
    const result =
      method === 'initialize' ? { protocolVersion: params?.protocolVersion, capabilities: {} } : { said: method };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  running = await startGateway();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  running.host.addToken('token');
  running.host.addServer({ name: 'echo', transport: { type: 'streamable-http', url, headers: {} } });
});

after(async () => {
  await running.close();
  server.closeAllConnections();
  server.close();
});

const headers: Record<string, string> = {
  authorization: 'Bearer token',
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

async function open(protocolVersion: string): Promise<(body: unknown) => Promise<Response>> {
  const post = (body: unknown, own: Record<string, string>): Promise<Response> =>
    fetch(running.mcp('echo'), { method: 'POST', headers: { ...headers, ...own }, body: JSON.stringify(body) });
  const opening = await post(request(0, 'initialize', { protocolVersion, capabilities: {} }), {});
  await opening.text();
  const session = opening.headers.get('mcp-session-id') ?? '';
  return (body) => post(body, { 'mcp-session-id': session });
}

function request(id: number, method: string, params: object = {}): object {
  return { jsonrpc: '2.0', id, method, params };
}

test('a batch is sent on message by message, and its answers come back as one array', async () => {
  const post = await open('2025-03-26');
  heard.length = 0;
  const note = { jsonrpc: '2.0', method: 'notifications/initialized' };
  const answer = await post([request(1, 'tools/list'), note, request(2, 'prompts/list'), request(3, 'ping')]);
  assert.equal(answer.status, 200);
  const said = (await answer.json()) as { id: number; result: object }[];
  assert.deepEqual(
    said.toSorted((a, b) => a.id - b.id).map(({ id, result }) => [id, result]),
    [
      [1, { said: 'tools/list' }],
      [2, { said: 'prompts/list' }],
      [3, {}],
    ],
  );
  assert.equal(heard.length, 3);
});

test('a batch of which one call says something first is answered on a stream', async () => {
  const post = await open('2025-03-26');
  const telling = request(8, 'tools/call', { name: 'telling', arguments: {}, _meta: { progressToken: 7 } });
  const answer = await post([telling, request(9, 'tools/list')]);
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  const text = await answer.text();
  const messages = [...text.matchAll(/^data: ?(.+)$/gm)].map(([, data]) => JSON.parse(data ?? '') as { id?: number });
  assert.deepEqual(messages.flatMap(({ id }) => id ?? []).toSorted(), [8, 9]);
  assert.equal(messages.length, 3);
});

test('a batch without requests is taken', async () => {
  const post = await open('2025-03-26');
  const note = { jsonrpc: '2.0', method: 'notifications/roots/list_changed' };
  assert.equal((await post([note, note, { jsonrpc: '2.0', id: 'nobody-asked', result: {} }])).status, 202);
});

test('later revisions have no batches, and no batch opens a session', async () => {
  const later = await (await open('2025-06-18'))([request(1, 'ping')]);
  assert.equal(later.status, 400);
  assert.match(await later.text(), /only 2025-03-26 has batches/);
  const none = await fetch(running.mcp('echo'), {
    method: 'POST',
    headers,
    body: JSON.stringify([request(1, 'initialize')]),
  });
  assert.equal(none.status, 400);
  const inside = await (await open('2025-03-26'))([request(1, 'initialize')]);
  assert.match(await inside.text(), /initialize cannot be part/);
});
