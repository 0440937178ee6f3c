// The message path with a host in memory and a small server behind it: what policies, the recorder and the host's own life do
// to a call. Real peers, transports and misbehaviour are the matter of e2e/scenarios/gateway-*.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { apply } from '@mcpvault/domain/redaction/apply';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import { type RunningGateway, startGateway } from './testing/compose.ts';

const secret = ['AKIA', 'Z7QXLMN2V5RT8K4W'].join('');
const redacts = completePolicy({
  id: 'pol_1',
  name: 'No secrets',
  reason: 'secrets stay here',
  detectors: ['secrets'],
  actions: [{ type: 'redact', style: 'label' }],
});

let server: Server;
let heard: { readonly body: string; readonly headers: IncomingMessage['headers'] }[];
let answerCalls: boolean;
/** What an answer waits for. */
let released: Promise<void>;
let running: RunningGateway;

before(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.method !== 'POST') return void response.writeHead(405).end();
    heard.push({ body, headers: request.headers });
    const { id, method, params } = JSON.parse(body) as { id?: number; method: string; params?: { arguments?: object } };
    if (id === undefined) return void response.writeHead(202).end();
    if (method === 'tools/call' && !answerCalls) return;
    await released;
    const result = method === 'initialize' ? { protocolVersion: '2025-11-25', capabilities: { tools: {} } } : params;
    response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'upstream-session' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

after(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  heard = [];
  answerCalls = true;
  released = Promise.resolve();
  running = await startGateway();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  running.host.addToken('token');
  running.host.addServer({ name: 'echo', transport: { type: 'streamable-http', url, headers: { 'x-key': 'ours' } } });
});

afterEach(() => running.close());

async function post(body: object, session?: string) {
  const response = await fetch(running.mcp('echo'), {
    method: 'POST',
    headers: {
      authorization: 'Bearer token',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      cookie: 'a=b',
      ...(session !== undefined && { 'mcp-session-id': session }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...body }),
  });
  const text = await response.text();
  return { status: response.status, text, json: text === '' ? null : JSON.parse(text), headers: response.headers };
}

async function open(): Promise<string> {
  const opened = await post({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {} },
  });
  return opened.headers.get('mcp-session-id') ?? assert.fail(opened.text);
}

const call = (text: string) => ({ id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text } } });

test('a secret reaches neither the server nor the client, and the record holds original and edits of both', async () => {
  running.host.setPolicies([redacts]);
  const session = await open();
  const reply = await post(call(`key ${secret}`), session);
  assert.equal(reply.status, 200);
  assert.ok(!reply.text.includes(secret));
  const sent = heard.at(-1)?.body ?? '';
  assert.ok(!sent.includes(secret) && sent.includes('[redacted:aws-access-key]'));
  const record = running.host.records.at(-1);
  assert.ok(record !== undefined && record.request !== null && record.response !== null);
  assert.ok(record.request.toString().includes(secret));
  assert.equal(apply(record.request, record.draft.requestEdits).toString(), sent);
  assert.equal(apply(record.response, record.draft.responseEdits).toString(), reply.text);
  assert.equal(record.draft.outcome, 'answered');
});

test('a call that a policy refuses never reaches the server, and the client reads why', async () => {
  running.host.setPolicies([{ ...redacts, actions: [{ type: 'refuse' }] }]);
  const session = await open();
  const before = heard.length;
  const reply = await post(call(secret), session);
  assert.equal(reply.status, 200);
  assert.equal(reply.json.error.message, 'secrets stay here');
  assert.equal(reply.json.error.data.policy, 'pol_1');
  assert.equal(heard.length, before);
  assert.equal(running.host.records.at(-1)?.draft.outcome, 'refused');
});

test('token passthrough: nothing of the caller’s own credentials or headers travels on, and what the definition says does', async () => {
  const session = await open();
  await post(call('x'), session);
  const { headers } = heard.at(-1) ?? assert.fail();
  assert.equal(headers['x-key'], 'ours');
  assert.equal(headers['mcp-session-id'], 'upstream-session', 'each hop has its own session');
  for (const name of ['authorization', 'cookie', 'origin']) assert.equal(headers[name], undefined, name);
  assert.doesNotMatch(JSON.stringify(headers), /token/);
});

test('the record names the secrets that a call was carried with, and not what they are', async () => {
  const session = await open();
  await post(call('x'), session);
  const carried = running.host.records.at(-1) ?? assert.fail();
  assert.deepEqual(carried.draft.secrets, ['header x-key']);
  assert.doesNotMatch(JSON.stringify(carried.draft), /ours/);
  running.host.setPolicies([{ ...redacts, actions: [{ type: 'refuse' }] }]);
  await post(call(secret), session);
  assert.equal(running.host.records.at(-1)?.draft.outcome, 'refused');
  assert.equal(running.host.records.at(-1)?.draft.secrets, null, 'what never left was carried with nothing');
});

test('an answer whose record cannot be written is held back', async () => {
  const session = await open();
  const { promise, resolve } = Promise.withResolvers<void>();
  released = promise;
  const pending = post(call('came too late'), session);
  while (running.gateway.load().waiting === 0) await new Promise((again) => setTimeout(again, 5));
  running.host.setRecording('fail');
  resolve();
  const reply = await pending;
  assert.equal(reply.status, 503);
  assert.match(reply.json.error.message, /held back/);
  assert.doesNotMatch(reply.text, /came too late/);
});

test('while nothing can be recorded, calls are refused before they reach the server', async () => {
  const session = await open();
  running.host.setRecording('refuse');
  const before = heard.length;
  const reply = await post(call('x'), session);
  assert.equal(reply.status, 503);
  assert.match(reply.json.error.message, /cannot be recorded/);
  assert.equal(heard.length, before);
});

test('a server that is changed ends the sessions with its old version', async () => {
  const session = await open();
  const { transport } = running.host.server('echo');
  running.host.addServer({ name: 'echo', transport });
  const reply = await post(call('x'), session);
  assert.equal(reply.status, 404);
  assert.match(reply.json.error.message, /was changed; begin a new session/);
  assert.equal(running.gateway.load().sessions, 0);
});

test('a server that is closed ends its sessions, and the calls in them', async () => {
  const session = await open();
  answerCalls = false;
  const waiting = post(call('x'), session);
  while (running.gateway.load().calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  running.gateway.close(running.host.server('echo').id, 'an admin retired it');
  assert.match((await waiting).json.error.message, /an admin retired it/);
  const { calls, sessions, links, waiting: left } = running.gateway.load();
  assert.deepEqual([calls, sessions, links, left], [0, 0, 0, 0]);
});

test('a gateway that stops lets calls under way finish, and takes no new ones', async () => {
  const session = await open();
  answerCalls = false;
  const pending = post(call('last'), session);
  while (running.gateway.load().calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const drained = running.gateway.drain(300);
  const late = await post(call('late'), session);
  assert.equal(late.status, 503);
  assert.match(late.json.error.message, /stopping/);
  await drained;
  assert.match((await pending).json.error.message, /the hub is stopping/);
});
