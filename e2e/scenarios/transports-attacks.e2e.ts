// What strangers, hostile members and broken clients try on the older HTTP+SSE and on WebSockets: neither lets in, hands out
// or holds more than Streamable HTTP does.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import * as fc from 'fast-check';
import {
  ask,
  type BareSocket,
  type BareStream,
  openSocket as bareSocket,
  openStream as bareStream,
  Refused,
} from '../actors/bare-duplex.ts';
import { eventually } from '../actors/eventually.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { type ScriptedHttp, sendResult, startScriptedHttp } from '../actors/scripted-http.ts';
import { verifies } from '../requirements.ts';

const mebibyte = 1024 * 1024;
const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bare', version: '1' } },
};
const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

let server: ScriptedHttp;
let gateway: MemoryGateway;

before(async () => {
  server = await startScriptedHttp();
  gateway = await startMemoryGateway({
    settings: { maxMessageBytes: mebibyte, callTimeout: 5_000, maxSessionsPerMember: 20 },
    servers: [
      overHttp('up', server.url),
      overHttp('other', server.url),
      overStdio('stdio', [actor('conformance-server.ts'), '--stdio']),
    ],
  });
  await gateway.order({ do: 'add-token', token: 'bob', name: 'bob', role: 'member' });
  await gateway.order({ do: 'grant', member: 'bob', server: 'up', tools: ['allowed'] });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await server?.close();
});

afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

const toClose: (() => void)[] = [];

async function openStream(...given: Parameters<typeof bareStream>): Promise<BareStream> {
  const stream = await bareStream(...given);
  toClose.push(() => stream.cut());
  return stream;
}

async function openSocket(...given: Parameters<typeof bareSocket>): Promise<BareSocket> {
  const socket = await bareSocket(...given);
  toClose.push(() => socket.socket.terminate());
  return socket;
}

const bearer = (token = gateway.token) => ({ authorization: `Bearer ${token}` });
const sse = (name?: string) => (name === undefined ? `${gateway.url}/sse` : `${gateway.mcp(name)}/sse`);
const json = { 'content-type': 'application/json' };

async function post(stream: BareStream, message: object | string, token?: string) {
  const body = typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message });
  return ask(await stream.endpoint(), 'POST', { ...json, ...bearer(token) }, body);
}

async function opened(name = 'up', token?: string): Promise<BareStream> {
  const stream = await openStream(sse(name), bearer(token));
  assert.equal((await post(stream, initialize, token)).status, 202);
  await stream.said(({ id }) => id === 1);
  assert.equal((await post(stream, { method: 'notifications/initialized' }, token)).status, 202);
  return stream;
}

async function socketTo(name = 'up', token?: string): Promise<BareSocket> {
  const socket = await openSocket(gateway.mcp(name), bearer(token));
  socket.say(initialize);
  await socket.said(({ id }) => id === 1);
  socket.say({ method: 'notifications/initialized' });
  return socket;
}

async function refusal(opening: Promise<unknown>): Promise<Refused> {
  try {
    await opening;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  assert.fail('it was let in');
}

test('DNS rebinding: nobody comes in without a token, from a foreign page, or under a foreign name', async () => {
  verifies('MV-REQ-018', 'CP-080');
  const [address] = [await (await openStream(sse('up'), bearer())).endpoint()];
  for (const headers of [{}, { authorization: 'Bearer nobody' }, { authorization: 'Basic e2UyZS1hZG1pbjo=' }]) {
    const stream = await ask(sse('up'), 'GET', headers);
    assert.equal(stream.status, 401);
    assert.match(String(stream.headers['www-authenticate']), /^Bearer/);
    assert.equal((await ask(address, 'POST', { ...json, ...headers }, '{}')).status, 401);
    assert.equal((await refusal(openSocket(gateway.mcp('up'), headers))).status, 401);
  }
  for (const headers of [{ origin: 'https://evil.example' }, { host: 'evil.example' }]) {
    const all = { ...bearer(), ...headers };
    assert.equal((await ask(sse('up'), 'GET', all)).status, 403);
    assert.equal((await ask(address, 'POST', { ...json, ...all }, '{}')).status, 403);
    assert.equal((await refusal(openSocket(gateway.mcp('up'), all))).status, 403);
  }
});

test('a token in a URL is none, and a page in a browser reads why its WebSocket is refused', async () => {
  for (const query of ['?token=', '?access_token=', '?authorization=Bearer%20']) {
    assert.equal((await ask(sse('up') + query + gateway.token, 'GET', {})).status, 401);
    assert.equal((await refusal(openSocket(gateway.mcp('up') + query + gateway.token, {}))).status, 401);
  }
  const { status, body } = await refusal(openSocket(gateway.mcp('up'), { origin: gateway.url }));
  assert.equal(status, 401);
  assert.match(body, /pages use Streamable HTTP/);
});

test('a WebSocket without the subprotocol is refused with its name', async () => {
  const { status, body } = await refusal(openSocket(gateway.mcp('up'), bearer(), { protocols: ['chat'] }));
  assert.equal(status, 400);
  assert.match(body, /subprotocol mcp/);
  assert.equal((await refusal(openSocket(gateway.mcp('up'), bearer(), { protocols: [] }))).status, 400);
});

test('session hijack: the session in a stream’s address is of use to its own member only, at its own endpoint, while it lives', async () => {
  const stream = await opened('up');
  const address = new URL(await stream.endpoint());
  assert.match(address.searchParams.get('sessionId') ?? '', /^[\w-]{32}$/);
  const tools = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/list' });
  const at = async (url: string, token?: string) =>
    (await ask(url, 'POST', { ...json, ...bearer(token) }, tools)).status;
  assert.equal(await at(address.href, 'bob'), 404, 'another member');
  assert.equal(await at(address.href.replace('/mcp/up/', '/mcp/other/')), 404, 'another endpoint');
  assert.equal(await at(address.href.replace('/mcp/up/', '/')), 404, 'the merged one');
  assert.equal(await at(address.href.replace(/sessionId=.*/, 'sessionId=AAAA')), 404, 'a guess');
  assert.equal(await at(address.href.replace(/\?.*/, '')), 404, 'none');
  const streamable = { ...json, ...bearer(), 'mcp-session-id': address.searchParams.get('sessionId') ?? '' };
  assert.equal((await ask(gateway.mcp('up'), 'POST', streamable, tools)).status, 404, 'over Streamable HTTP');
  assert.equal(await at(address.href), 202);
  await stream.said(({ id }) => id === 7);
  assert.equal(stream.text().match(/"id":7/g)?.length, 1);
  stream.cut();
  await eventually(async () => (await at(address.href)) === 404, 'the end of the session');
});

test('what is no message is refused, and does no harm to what comes after it', async () => {
  const stream = await opened();
  const socket = await socketTo();
  for (const [body, status] of [
    ['no json', 400],
    ['{"jsonrpc":"2.0"}', 400],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}', 400],
    [`{"jsonrpc":"2.0","id":1,"method":"ping","params":${'['.repeat(500)}${']'.repeat(500)}}`, 400],
    [' '.repeat(mebibyte + 1), 413],
  ] as const) {
    assert.equal((await post(stream, body)).status, status, body.slice(0, 60));
    const before = socket.messages.length;
    if (status === 400) {
      socket.say(body);
      await eventually(() => socket.messages.length > before, 'an answer');
      assert.ok(socket.messages.at(-1)?.error !== undefined);
    }
  }
  const type = { ...bearer(), 'content-type': 'text/plain' };
  assert.equal((await ask(await stream.endpoint(), 'POST', type, '{}')).status, 415);
  assert.equal((await ask(sse('up'), 'GET', { ...bearer(), accept: 'application/json' })).status, 406);
  assert.equal((await ask(sse('up'), 'POST', { ...json, ...bearer() }, '{}')).status, 405);
  assert.equal((await ask(await stream.endpoint(), 'GET', bearer())).status, 405);
  await post(stream, { id: 'after', method: 'tools/list' });
  assert.ok((await stream.said(({ id }) => id === 'after')).result !== undefined);
  socket.say({ id: 'after', method: 'tools/list' });
  assert.ok((await socket.said(({ id }) => id === 'after')).result !== undefined);
});

test('a frame that is binary, compressed in secret or too large ends its WebSocket, and no other', async () => {
  const other = await socketTo();
  const binary = await socketTo();
  binary.say(Buffer.from('{"jsonrpc":"2.0","id":2,"method":"ping"}'));
  binary.socket.send(Buffer.from('x'), { binary: true });
  assert.equal((await binary.closed).code, 1003);
  const large = await socketTo();
  large.say('x'.repeat(mebibyte + 1));
  assert.equal((await large.closed).code, 1009);
  assert.equal(other.socket.extensions, '', 'no compression is agreed on');
  other.say({ id: 3, method: 'ping' });
  await other.said(({ id }) => id === 3);
  other.socket.close();
});

test('order is kept: nothing before initialize, and no second session on a connection', async () => {
  const stream = await openStream(sse('up'), bearer());
  await post(stream, { id: 'ping', method: 'ping' });
  assert.ok((await stream.said(({ id }) => id === 'ping')).result !== undefined);
  await post(stream, { id: 'early', method: 'tools/list' });
  assert.match((await stream.said(({ id }) => id === 'early')).error?.message ?? '', /begin with initialize/);
  await post(stream, initialize);
  await stream.said(({ id }) => id === 1);
  await post(stream, { ...initialize, id: 2 });
  assert.match((await stream.said(({ id }) => id === 2)).error?.message ?? '', /session already/);
  await post(stream, { id: 'modern', method: 'tools/list', params: { _meta: modernMeta } });
  assert.match((await stream.said(({ id }) => id === 'modern')).error?.message ?? '', /use Streamable HTTP/);
  stream.cut();
});

test('a batch is taken in the one revision that has them, and each of its requests is answered', async () => {
  const batch = JSON.stringify([
    { jsonrpc: '2.0', id: 'a', method: 'ping' },
    { jsonrpc: '2.0', method: 'notifications/roots/list_changed' },
    { jsonrpc: '2.0', id: 'b', method: 'tools/list' },
  ]);
  const old = { ...initialize, params: { ...initialize.params, protocolVersion: '2025-03-26' } };
  for (const opening of [old, initialize]) {
    const stream = await openStream(sse('up'), bearer());
    const socket = await openSocket(gateway.mcp('up'), bearer());
    await post(stream, opening);
    await stream.said(({ id }) => id === 1);
    socket.say(opening);
    await socket.said(({ id }) => id === 1);
    socket.say(batch);
    if (opening === initialize) {
      assert.equal((await post(stream, batch)).status, 400);
      assert.match(
        (await socket.said(({ error }) => error !== undefined)).error?.message ?? '',
        /one message at a time/,
      );
      continue;
    }
    assert.equal((await post(stream, batch)).status, 202);
    for (const id of ['a', 'b']) {
      assert.ok((await stream.said((message) => message.id === id)).result !== undefined);
      assert.ok((await socket.said((message) => message.id === id)).result !== undefined);
    }
  }
});

test('members see and call over these transports what they are granted, and nothing else', async () => {
  const stream = await opened('up', 'bob');
  const socket = await socketTo('up', 'bob');
  const called = server.heard.length;
  const call = { id: 'no', method: 'tools/call', params: { name: 'forbidden' } };
  await post(stream, call, 'bob');
  assert.equal((await stream.said(({ id }) => id === 'no')).error?.code, -32602, 'as if it were not there');
  socket.say(call);
  assert.equal((await socket.said(({ id }) => id === 'no')).error?.code, -32602);
  assert.ok(!server.heard.slice(called).some(({ method }) => method === 'tools/call'));
  socket.say({ id: 'tools', method: 'tools/list' });
  const { result } = await socket.said(({ id }) => id === 'tools');
  assert.ok(!JSON.stringify(result).includes('forbidden'));
  await gateway.order({ do: 'withdraw', member: 'bob', server: 'up' });
  socket.say({ id: 'late', method: 'tools/call', params: { name: 'allowed' } });
  assert.equal((await socket.said(({ id }) => id === 'late')).error?.code, 4030);
  await gateway.order({ do: 'grant', member: 'bob', server: 'up', tools: ['allowed'] });
  assert.equal((await refusedOver('other', 'bob')).error?.code, 4030);
});

async function refusedOver(name: string, token: string) {
  const socket = await openSocket(gateway.mcp(name), bearer(token));
  socket.say(initialize);
  return socket.said(({ id }) => id === 1);
}

test('modern requests need no session on a WebSocket; cancelled, nothing more is said of them, and the server hears it', async () => {
  const socket = await openSocket(gateway.mcp('up'), bearer());
  socket.say({ id: 'd', method: 'server/discover', params: { _meta: modernMeta } });
  assert.ok(Array.isArray((await socket.said(({ id }) => id === 'd')).result?.['supportedVersions']));
  let closed = false;
  server.onCall = (_message, response) => void response.on('close', () => (closed = true));
  socket.say({ id: 'c', method: 'tools/call', params: { name: 'allowed', _meta: modernMeta } });
  await eventually(() => server.heard.at(-1)?.method === 'tools/call', 'the call');
  assert.equal(server.heard.at(-1)?.headers['mcp-method'], 'tools/call');
  assert.equal(server.heard.at(-1)?.headers['mcp-name'], 'allowed');
  socket.say({ method: 'notifications/cancelled', params: { requestId: 'c' } });
  await eventually(() => closed, 'the end of the call');
  socket.say({ id: 'e', method: 'server/discover', params: { _meta: modernMeta } });
  await socket.said(({ id }) => id === 'e');
  assert.ok(!socket.messages.some(({ id }) => id === 'c'));
  assert.equal((await gateway.load()).sessions, 0);
  server.onCall = (message, response) => sendResult(response, message, { content: [] });
  socket.socket.close();
});

test('a legacy call that is cancelled is cancelled at the server, and not answered', async () => {
  server.onCall = () => undefined;
  const [stream, socket] = [await opened(), await socketTo()];
  const say = {
    stream: (message: object) => post(stream, message),
    socket: async (message: object) => socket.say(message),
  };
  for (const [name, tell] of Object.entries(say)) {
    server.heard.length = 0;
    await tell({ id: name, method: 'tools/call', params: { name: 'allowed' } });
    await eventually(() => server.heard.some(({ method }) => method === 'tools/call'), 'the call');
    await tell({ method: 'notifications/cancelled', params: { requestId: name } });
    await eventually(() => server.heard.some(({ method }) => method === 'notifications/cancelled'), 'its end');
    await tell({ id: `${name} after`, method: 'ping' });
  }
  await stream.said(({ id }) => id === 'stream after');
  await socket.said(({ id }) => id === 'socket after');
  assert.ok(!stream.text().includes('"id":"stream"') && !socket.messages.some(({ id }) => id === 'socket'));
  server.onCall = (message, response) => sendResult(response, message, { content: [] });
});

test('when a client goes away in the middle of a call, its call and its session end', async () => {
  server.onCall = () => undefined;
  for (const leave of [
    async () => {
      const stream = await opened();
      await post(stream, { id: 'x', method: 'tools/call', params: { name: 'allowed' } });
      return () => stream.cut();
    },
    async () => {
      const socket = await socketTo();
      socket.say({ id: 'x', method: 'tools/call', params: { name: 'allowed' } });
      return () => socket.socket.terminate();
    },
  ]) {
    server.heard.length = 0;
    const go = await leave();
    await eventually(() => server.heard.some(({ method }) => method === 'tools/call'), 'the call');
    go();
    await eventually(async () => {
      const { calls, sessions } = await gateway.load();
      return calls + sessions === 0;
    }, 'the end of call and session');
  }
  server.onCall = (message, response) => sendResult(response, message, { content: [] });
});

test('a member has so many connections at most, and one that closes makes room', async () => {
  const sockets: BareSocket[] = [];
  const streams: BareStream[] = [];
  for (let n = 0; n < 10; n++) {
    sockets.push(await openSocket(gateway.mcp('up'), bearer('bob')));
    streams.push(await openStream(sse('up'), bearer('bob')));
  }
  const { status, body } = await refusal(openSocket(gateway.mcp('up'), bearer('bob')));
  assert.equal(status, 429);
  assert.match(body, /20 connections open/);
  assert.equal((await ask(sse('up'), 'GET', bearer('bob'))).status, 429);
  (await openSocket(gateway.mcp('up'), bearer())).socket.close();
  sockets[0]?.socket.close();
  await eventually(
    () =>
      openSocket(gateway.mcp('up'), bearer('bob')).then(
        (again) => (again.socket.close(), true),
        () => false,
      ),
    'room for another one',
  );
});

test('a client that asks and does not read is waited for, and loses nothing', async () => {
  const size = 600_000;
  server.onCall = (message, response) =>
    sendResult(response, message, { content: [{ type: 'text', text: 'x'.repeat(size) }] });
  const socket = await socketTo();
  socket.socket.pause();
  server.heard.length = 0;
  for (let id = 100; id < 200; id++) socket.say({ id, method: 'tools/call', params: { name: 'allowed' } });
  await eventually(() => server.heard.some(({ method }) => method === 'tools/call'), 'the first calls');
  socket.socket.resume();
  const answers = () => socket.messages.filter(({ id }) => Number(id) >= 100);
  await eventually(() => answers().length === 100, 'every answer');
  assert.equal(new Set(answers().map(({ id }) => id)).size, 100);
  assert.ok(answers().every(({ result }) => result !== undefined));
  server.onCall = (message, response) => sendResult(response, message, { content: [] });
});

test('whatever is said on a WebSocket, the next one is answered on another, and the gateway says no word out of turn', async () => {
  const piece = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom('initialize', 'tools/call', 'notifications/cancelled', 'subscriptions/listen', 'id', 'params'),
  );
  const message = fc.record(
    {
      jsonrpc: fc.constantFrom('2.0', '1.0', 2),
      id: fc.oneof(fc.string(), fc.integer(), fc.constantFrom(null, true, {})),
      method: fc.oneof(piece, fc.constantFrom('tools/list', 'resources/read', 'notifications/initialized', 7)),
      params: fc.oneof(fc.object(), fc.record({ _meta: fc.constant(modernMeta), name: piece, requestId: piece })),
      result: fc.object(),
      error: fc.object(),
    },
    { requiredKeys: ['jsonrpc'] },
  );
  const texts = fc.sample(
    fc.oneof(
      message.map((value) => JSON.stringify(value)),
      piece,
      fc.string(),
    ),
    {
      numRuns: 400,
      seed: 20_241_105,
    },
  );
  let socket = await socketTo();
  for (const text of texts) {
    if (socket.socket.readyState !== socket.socket.OPEN) socket = await openSocket(gateway.mcp('up'), bearer());
    socket.say(text);
  }
  const [last, other] = [await socketTo(), await opened()];
  last.say({ id: 'fine', method: 'ping' });
  assert.ok((await last.said(({ id }) => id === 'fine')).result !== undefined);
  await post(other, { id: 'fine', method: 'ping' });
  assert.ok((await other.said(({ id }) => id === 'fine')).result !== undefined);
  assert.ok(!last.messages.some(({ id }) => id !== 1 && id !== 'fine'));
});

test('when the gateway stops, connections are closed in order', async () => {
  await using own = await startMemoryGateway({ servers: [overHttp('up', server.url)] });
  const socket = await openSocket(own.mcp('up'), bearer());
  const stream = await openStream(`${own.mcp('up')}/sse`, bearer());
  await stream.endpoint();
  process.kill(own.pid, 'SIGTERM');
  assert.equal((await socket.closed).code, 1000);
  await stream.ended;
});

test('none of this was a mistake of the gateway’s own', async () => {
  assert.deepEqual(
    (await gateway.log()).filter(({ level }) => level === 'error'),
    [],
  );
  await eventually(async () => {
    const { calls, sessions, links } = await gateway.load();
    return calls + sessions + links === 0;
  }, 'the end of all that belongs to these tests');
});
