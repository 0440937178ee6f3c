// Streams that break: a legacy client comes back with the last event it saw and gets exactly what it missed, on the stream of
// a call as on the stream for what comes unasked; a server that breaks its stream is taken up again without the client noticing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type BareClient, createBareClient } from '../actors/bare-client.ts';
import { type ConformanceServer, startConformanceServer } from '../actors/conformance-server.ts';
import { eventually } from '../actors/eventually.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { type ScriptedHttp, sendResult, startScriptedHttp } from '../actors/scripted-http.ts';

let fixture: ConformanceServer;
/** Has nothing that could be resumed itself. */
let modern: ConformanceServer;
/** Answers a call when the scenario says so. */
let held: ScriptedHttp;
let gateway: MemoryGateway;

before(async () => {
  fixture = await startConformanceServer();
  modern = await startConformanceServer({ era: 'modern' });
  held = await startScriptedHttp();
  gateway = await startMemoryGateway({
    servers: [
      overHttp('http', fixture.url),
      overStdio('stdio', [actor('conformance-server.ts'), '--stdio']),
      overHttp('held', held.url),
      overHttp('modern', modern.url),
    ],
  });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await fixture?.close();
  await modern?.close();
  await held?.close();
});

async function open(server: string, protocol?: string): Promise<BareClient> {
  const client = createBareClient(gateway.mcp(server), gateway.token);
  await client.open(protocol);
  return client;
}

const get = (client: BareClient, lastEventId?: string) =>
  client.stream({ method: 'GET', headers: { 'content-type': undefined, 'last-event-id': lastEventId } });

function said({ data }: { readonly data: string }): string {
  const message = JSON.parse(data) as { method?: string; params?: { data?: string; progress?: number; uri?: string } };
  return message.params?.data ?? String(message.params?.progress ?? message.params?.uri ?? message.method ?? 'answer');
}

const logging = JSON.stringify({
  jsonrpc: '2.0',
  id: 'call',
  method: 'tools/call',
  params: { name: 'test_tool_with_logging' },
});
const allOfIt = ['Tool execution started', 'Tool processing data', 'Tool execution completed', 'answer'];

for (const server of ['http', 'stdio', 'modern'])
  test(`a client whose call to ${server} breaks off gets the rest of its stream, each event once`, async () => {
    const client = await open(server);
    await client.call('logging/setLevel', { level: 'debug' });
    const stream = await client.stream({ body: logging });
    const [first] = await stream.atLeast(1);
    stream.cut();
    assert.ok(first?.id !== undefined);
    const again = await get(client, first.id);
    const rest = await again.done;
    assert.deepEqual([first, ...rest.events].map(said), allOfIt);
    assert.equal(rest.message?.id, 'call');

    const late = await (await get(client, rest.events[1]?.id)).done;
    assert.deepEqual(late.events.map(said), allOfIt.slice(3), 'a stream that has ended can be read again for a while');
    const after = await (await get(client, late.events[0]?.id)).done;
    assert.deepEqual(after.events, [], 'and nothing comes twice');
    await client.send({ method: 'DELETE' });
    client.close();
  });

test('a client that comes back while its call goes on hears the rest as it happens', async () => {
  const client = await open('stdio');
  await client.call('logging/setLevel', { level: 'debug' });
  const stream = await client.stream({ body: logging });
  const [first] = await stream.atLeast(1);
  const again = await get(client, first?.id);
  const rest = await again.done;
  const old = await stream.done;
  // What was on its way when the client came back goes to both; by their ids, events are known again.
  const events = new Map([...old.events, ...rest.events].map((event) => [event.id, event]));
  assert.deepEqual([...events.values()].map(said), allOfIt);
  client.close();
});

test('what comes unasked waits for a client that is not listening, and is missed by none that comes back', async () => {
  const client = await open('http');
  const other = await open('http');
  const touch = () => other.call('tools/call', { name: 'touch_watched_resource' });
  await client.call('resources/subscribe', { uri: 'test://watched-resource' });
  const first = await get(client);
  await touch();
  await touch();
  const seen = [...(await first.atLeast(3))];
  assert.equal(seen[0]?.data, '', 'an event without data comes first, from which a client can resume');
  first.cut();
  await setTimeout(50);
  await touch();
  const again = await get(client, seen.at(-1)?.id);
  await again.atLeast(2);
  await touch();
  const more = await again.atLeast(3);
  assert.equal(more.filter(({ data }) => data !== '').length, 2, 'the one that was missed and the one that came after');
  again.cut();
  const numbers = [...seen, ...more].filter(({ data }) => data !== '').map(({ id }) => id);
  assert.equal(new Set(numbers).size, numbers.length);
  client.close();
  other.close();
});

test('a client of an older revision gets no events without data', async () => {
  const client = await open('http', '2025-06-18');
  const stream = await get(client);
  await client.call('tools/call', { name: 'test_trigger_tool_change' });
  await client.call('tools/call', { name: 'test_trigger_tool_change' });
  const events = await stream.atLeast(2);
  assert.ok(events.every(({ data }) => data !== ''));
  stream.cut();
  client.close();
});

test('an event id of a stream that is not known here is refused, and does not end the session', async () => {
  const client = await open('http');
  const unknown = await (await get(client, '77-1')).done;
  assert.equal(unknown.status, 400);
  assert.match(unknown.message?.error?.message ?? '', /nothing is kept of the stream/);
  const odd = await get(client, 'something-else');
  assert.equal(odd.status, 200, 'what is no id of ours is taken for a new stream');
  odd.cut();
  assert.equal((await client.call('tools/list')).status, 200);
  client.close();
});

test('a second stream for what comes unasked takes the place of the first', async () => {
  const client = await open('http');
  const first = await get(client);
  const second = await get(client);
  assert.equal((await first.done).status, 200);
  await client.call('tools/call', { name: 'test_trigger_tool_change' });
  await client.call('tools/call', { name: 'test_trigger_tool_change' });
  await second.atLeast(3);
  second.cut();
  client.close();
});

test('a server that closes its stream before it answers is taken up again, and the client never notices', async () => {
  const client = await open('http');
  const reply = await client.call('tools/call', { name: 'test_reconnection' });
  assert.equal(reply.status, 200);
  assert.match(JSON.stringify(reply.message?.result), /waited for the client to come back/);
  client.close();
});

test('a disconnect does not cancel a legacy call; DELETE does, and ends the session', async () => {
  const client = await open('held');
  await gateway.records();
  const calls: (() => void)[] = [];
  held.onCall = (message, response) => void calls.push(() => sendResult(response, message, { content: [] }));
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 'gone',
    method: 'tools/call',
    params: { name: 'allowed', arguments: {} },
  });
  const gone = client.stream({ body }).catch(() => undefined);
  await eventually(() => calls.length === 1, 'the call');
  const { sockets } = await gateway.load();
  client.close();
  await gone;
  await eventually(async () => (await gateway.load()).sockets < sockets, 'the disconnect');
  calls[0]?.();
  await gateway.quiet();
  const records = await gateway.records();
  assert.deepEqual(
    records.map(({ method, outcome }) => `${method} ${outcome}`),
    ['tools/call answered'],
  );

  const last = createBareClient(client.url, gateway.token);
  last.headers['mcp-session-id'] = client.headers['mcp-session-id'] ?? '';
  const waiting = last.send({ body: body.replace('gone', 'cut') });
  await eventually(() => calls.length === 2, 'the next call');
  assert.equal((await last.send({ method: 'DELETE' })).status, 200);
  assert.match((await waiting).message?.error?.message ?? '', /cancelled/);
  assert.equal((await last.call('tools/list')).status, 404);
  assert.equal((await gateway.records())[0]?.outcome, 'cancelled');
  last.close();
});

test('sessions that were ended leave nothing behind', async () => {
  const before = await gateway.load();
  const clients = await Promise.all(['http', 'stdio', 'http'].map((server) => open(server)));
  const streams = await Promise.all(clients.map((client) => get(client)));
  assert.equal((await gateway.load()).sessions, before.sessions + 3);
  for (const client of clients) assert.equal((await client.send({ method: 'DELETE' })).status, 200);
  for (const stream of streams) assert.equal((await stream.done).status, 200);
  for (const client of clients) client.close();
  await eventually(async () => {
    const load = await gateway.load();
    return load.sessions === before.sessions && load.links === before.links && load.waiting === 0;
  }, 'the end of all sessions');
});
