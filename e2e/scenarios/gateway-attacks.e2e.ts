// What a hostile member, and a hostile server, try on the message path: to have one thing judged and another sent, to carry
// secrets past the policies, to hear what is no longer theirs, to fill the hub.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { type BareClient, createBareClient } from '../actors/bare-client.ts';
import { eventually } from '../actors/eventually.ts';
import { type MemoryGateway, overHttp, startMemoryGateway } from '../actors/memory-gateway.ts';
import { type ScriptedHttp, sendEvents, sendResult, startScriptedHttp } from '../actors/scripted-http.ts';

const mebibyte = 1024 * 1024;
const secret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');

let server: ScriptedHttp;
let gateway: MemoryGateway;
const clients: BareClient[] = [];

before(async () => {
  server = await startScriptedHttp();
  gateway = await startMemoryGateway({
    settings: { maxMessageBytes: mebibyte, callTimeout: 30_000, maxConcurrentCalls: 200 },
    servers: [overHttp('up', server.url)],
  });
  await gateway.order({ do: 'add-token', token: 'bob', name: 'bob', role: 'member' });
  await gateway.order({ do: 'grant', member: 'bob', server: 'up', tools: ['allowed'] });
});

after(async () => {
  for (const client of clients) client.close();
  await gateway?.[Symbol.asyncDispose]();
  await server?.close();
});

beforeEach(async () => {
  await policy(null);
  server.onCall = (message, response) => sendResult(response, message, { content: [] });
});

async function policy(type: 'redact' | 'refuse' | null, directions = ['call', 'result']): Promise<void> {
  const action = type === 'redact' ? { type, style: 'label' } : { type };
  const one = { id: 'pol_1', name: 'p', reason: 'no secrets', detectors: ['secrets'], directions };
  await gateway.order({ do: 'policies', policies: type === null ? [] : [{ ...one, actions: [action] }] });
}

async function client(endpoint?: string, token = gateway.token, open = true): Promise<BareClient> {
  const made = createBareClient(gateway.mcp(endpoint), token);
  clients.push(made);
  if (open) await made.open();
  await gateway.records();
  server.heard.splice(0);
  return made;
}

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const modern = (method: string) => ({ 'mcp-protocol-version': '2026-07-28', 'mcp-method': method });
const heardSecret = () => server.heard.filter(({ body }) => body.includes(secret)).map(({ method }) => method);

test('body re-authorization: a second spelling of a judged member, which some servers would take for it, goes nowhere', async () => {
  const bob = await client('up', 'bob');
  for (const body of [
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"allowed","Name":"forbidden"}}',
    '{"jsonrpc":"2.0","id":2,"method":"tools/list","Method":"tools/call","params":{"name":"forbidden"}}',
    '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"allowed"},"param\u017f":{"name":"forbidden"}}',
  ]) {
    const reply = await bob.send({ body });
    assert.equal(reply.status, 400, body);
    assert.match(reply.message?.error?.message ?? '', /other letters/);
  }
  assert.deepEqual(server.heard, []);
});

test('a header that repeats no argument carries nothing past the policies, and blames no server', async () => {
  await policy('redact');
  const one = await client('up', gateway.token, false);
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'allowed', arguments: { region: 'eu' }, _meta: meta },
  });
  const headers = { ...modern('tools/call'), 'mcp-name': 'allowed' };
  const smuggled = await one.send({ body, headers: { ...headers, 'mcp-param-region': secret } });
  assert.deepEqual([smuggled.status, smuggled.message?.error?.code], [400, -32020]);
  const broken = Buffer.from('2026-07-28\r\nx: y').toString('base64');
  const odd = await one.send({ body, headers: { ...headers, 'mcp-protocol-version': `=?base64?${broken}?=` } });
  assert.deepEqual([odd.status, odd.message?.error?.code], [400, -32020]);
  assert.equal(server.heard.filter(({ method }) => method === 'tools/call').length, 0);
  const fine = await one.send({ body, headers: { ...headers, 'mcp-param-region': 'eu' } });
  assert.equal(fine.status, 200);
  assert.equal(server.heard.at(-1)?.headers['mcp-param-region'], 'eu');
});

test('what the merged endpoint passes on of a client’s words is judged like any message', async () => {
  await policy('redact');
  const one = await client(undefined, gateway.token, false);
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: { ...meta, note: secret } } };
  const listed = await one.send({ body: JSON.stringify(list), headers: modern('tools/list') });
  assert.equal((listed.message?.result?.['tools'] as unknown[]).length, 2);
  const filter = { toolsListChanged: true, resourceSubscriptions: [`x://${secret}`] };
  const listen = { ...list, method: 'subscriptions/listen', params: { _meta: meta, notifications: filter } };
  const stream = await one.stream({ body: JSON.stringify(listen), headers: modern('subscriptions/listen') });
  await stream.atLeast(1);
  stream.cut();
  assert.ok(server.heard.some(({ method }) => method === 'subscriptions/listen'));
  const legacy = await client(undefined, gateway.token, false);
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: { experimental: { k: secret } },
    clientInfo: { name: 'x' },
  };
  const opened = await legacy.call('initialize', params);
  legacy.headers['mcp-session-id'] = String(opened.headers['mcp-session-id']);
  await legacy.call('tools/list');
  await legacy.call('logging/setLevel', { level: 'debug', why: secret });
  await eventually(async () => server.heard.some(({ method }) => method === 'logging/setLevel'), 'the level');
  assert.deepEqual(heardSecret(), []);
});

test('why a client cancels is judged, too', async () => {
  await policy('redact');
  const one = await client('up');
  server.onCall = () => {};
  const call = one.call('tools/call', { name: 'allowed' }, 'slow');
  await eventually(async () => server.heard.some(({ method }) => method === 'tools/call'), 'the call');
  await one.notify('notifications/cancelled', { requestId: 'slow', reason: `because ${secret}` });
  assert.doesNotMatch((await call).body.toString(), new RegExp(secret));
  await eventually(async () => server.heard.some(({ method }) => method === 'notifications/cancelled'), 'its end');
  assert.deepEqual(heardSecret(), []);
});

test('what a policy kept back of a server is not shown as delivered', async () => {
  await policy('refuse', ['result']);
  const one = await client('up');
  server.onCall = ({ id }, response) =>
    sendEvents(
      response,
      { method: 'notifications/message', params: { level: 'info', data: secret } },
      { id, result: { content: [] } },
    );
  assert.doesNotMatch((await one.call('tools/call', { name: 'allowed' })).body.toString(), new RegExp(secret));
  const kept = (await gateway.records()).find(({ method }) => method === 'notifications/message');
  assert.equal(kept?.outcome, 'refused');
  const [edit, ...more] = (kept?.requestEdits ?? []) as { start: number; end: number; replacement: string }[];
  assert.deepEqual([edit?.start, edit?.end, edit?.replacement, more.length], [0, kept?.request?.length, 'null', 0]);
});

test('the lines of the list hold no secret, whoever refused the message and when', async () => {
  await policy('refuse');
  const one = await client('up');
  const merged = await client();
  await one.call('resources/read', { uri: `https://x.example/?k=${secret}` });
  await one.call('prompts/get', { name: secret });
  await merged.call('tools/call', { name: `nothing ${secret}` });
  await merged.call('prompts/get', { name: `up__${secret}` });
  const refused = (await gateway.records()).filter(({ outcome }) => outcome === 'refused');
  assert.equal(refused.length, 4);
  for (const { method, target, reason } of refused) {
    assert.equal(target, '[redacted]', method);
    assert.doesNotMatch(reason ?? '', new RegExp(secret), method);
  }
});

test('an answer that is no JSON inside reaches the client of the merged endpoint all the same, and is recorded', async () => {
  const merged = await client();
  server.onCall = (message, response) => sendResult(response, message, '{"content":[],"uri":nope}');
  const reply = await merged.call('tools/call', { name: 'up__allowed', arguments: {} });
  assert.equal(reply.status, 200);
  assert.equal((await gateway.records()).filter(({ method }) => method === 'tools/call').length, 1);
  await gateway.quiet();
});

test('a list without end is cut off before it fills the hub', async () => {
  const endless = await startScriptedHttp();
  await gateway.order({ do: 'add-server', server: overHttp('endless', endless.url) });
  endless.onList = (_message, response) => {
    const tool = { name: 'big', description: 'x'.repeat(900_000), inputSchema: {} };
    sendResult(response, _message, { tools: [tool], nextCursor: 'on' });
  };
  const merged = await client();
  const reply = await merged.call('tools/list');
  const { 'io.mcpvault/unavailable': away } = reply.message?.result?.['_meta'] as Record<string, { reason: string }[]>;
  assert.match(away?.[0]?.reason ?? '', /lists more than \d+ bytes/);
  assert.ok(endless.heard.filter(({ method }) => method === 'tools/list').length < 60);
  await gateway.order({ do: 'remove-server', name: 'endless' });
  await endless.close();
});

test('a stream ends with the token that opened it, and hears nothing more', async () => {
  await gateway.order({ do: 'add-token', token: 'eve', name: 'eve', role: 'admin' });
  const eve = await client('up', 'eve');
  const before = server.stream();
  const listening = await eve.stream({ method: 'GET' });
  await eventually(async () => server.stream() !== before, 'the stream to the server');
  const listen = { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: { _meta: meta, notifications: {} } };
  let subscribed: ServerResponse | undefined;
  server.onListen = (_message, response) => {
    subscribed = response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
  };
  const other = createBareClient(gateway.mcp('up'), 'eve');
  clients.push(other);
  const asked = other.stream({ body: JSON.stringify(listen), headers: modern('subscriptions/listen') });
  await eventually(async () => subscribed !== undefined, 'the subscription');
  const event = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
  subscribed?.write(`data: ${JSON.stringify(event)}\n\n`);
  const stream = await asked;
  await stream.atLeast(1);
  await gateway.order({ do: 'revoke', token: 'eve' });
  await assert.rejects(listening.done);
  await assert.rejects(stream.done);
  await gateway.quiet();
});

test('one member’s large messages fill no more than their part, and what they held is free again', async () => {
  const waiting: (() => void)[] = [];
  server.onCall = (message, response) => void waiting.push(() => sendResult(response, message, { content: [] }));
  await gateway.order({ do: 'add-token', token: 'mallory', name: 'mallory', role: 'admin' });
  const mallory = await client('up', 'mallory');
  const large = { name: 'allowed', arguments: { text: 'x'.repeat(mebibyte - 1000) } };
  let replied = 0;
  const replies = Array.from({ length: 80 }, async (_, at) => {
    const reply = await mallory.call('tools/call', large, `large-${at}`);
    replied += 1;
    return reply;
  });
  await eventually(() => replied + waiting.length === 80, 'all of them');
  for (const answer of waiting) answer();
  const all = await Promise.all(replies);
  const refused = all.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 10 && refused.length < 80, `${refused.length} were refused`);
  assert.match(refused[0]?.message?.error?.message ?? '', /large messages/);
  const honest = await client('up');
  server.onCall = (message, response) => sendResult(response, message, { content: [] });
  assert.equal((await honest.call('tools/call', large)).status, 200, 'others have room of their own');
  await gateway.quiet();
  assert.equal((await mallory.call('tools/call', large)).status, 200);
});

test('when all is done nothing is left, and no bug was logged', async () => {
  await gateway.quiet();
  assert.deepEqual(
    (await gateway.log()).filter(({ level }) => level === 'error'),
    [],
  );
});
