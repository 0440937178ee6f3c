// What no proper client would send: each is answered with a clear error within bounds, nothing hangs, nothing is left behind.
import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { after, before, test } from 'node:test';
import { type BareClient, type BareRequest, createBareClient } from '../actors/bare-client.ts';
import { eventually } from '../actors/eventually.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { type RudeHttp, startRudeHttp } from '../actors/rude-http.ts';

const mebibyte = 1024 * 1024;

let echo: RudeHttp;
let gateway: MemoryGateway;
let client: BareClient;

before(async () => {
  echo = await startRudeHttp({ mode: 'slow', number: 1_500 });
  gateway = await startMemoryGateway({
    settings: { maxMessageBytes: mebibyte, maxDepth: 50, maxConcurrentCalls: 5, maxSessionsPerMember: 8 },
    servers: [overHttp('echo', echo.url), overStdio('process', [actor('rude-server.ts'), 'echo'])],
  });
  client = createBareClient(gateway.mcp('echo'), gateway.token);
  await client.open();
});

after(async () => {
  client?.close();
  await gateway?.[Symbol.asyncDispose]();
  await echo?.close();
});

const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
const call = (args: string) =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":${args}}}`;

interface Row {
  readonly request: BareRequest;
  readonly status: number;
  readonly code: number;
  readonly says: RegExp;
}

const table: Readonly<Record<string, Row>> = {
  'no JSON': { request: { body: '{"jsonrpc":"2.0",' }, status: 400, code: -32700, says: /not a message/ },
  'an empty body': { request: { body: '' }, status: 400, code: -32700, says: /not a message/ },
  'bytes that are no text': {
    request: { body: Buffer.from([0x7b, 0xff, 0x7d]) },
    status: 400,
    code: -32700,
    says: /UTF-8/,
  },
  'two messages in one body': { request: { body: ping + ping }, status: 400, code: -32700, says: /follows/ },
  'JSON that is no message': { request: { body: '"hello"' }, status: 400, code: -32600, says: /not a message/ },
  'a batch': { request: { body: `[${ping}]` }, status: 400, code: -32600, says: /one message at a time/ },
  'a message of another version': {
    request: { body: '{"jsonrpc":"1.0","id":1,"method":"ping"}' },
    status: 400,
    code: -32600,
    says: /2\.0/,
  },
  'a request whose id is null': {
    request: { body: '{"jsonrpc":"2.0","id":null,"method":"ping"}' },
    status: 400,
    code: -32600,
    says: /null/,
  },
  'a method that appears twice': {
    request: { body: '{"jsonrpc":"2.0","id":1,"method":"ping","meth\\u006fd":"tools/call"}' },
    status: 400,
    code: -32600,
    says: /twice/,
  },
  'a tool name that appears twice': {
    request: { body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}' },
    status: 400,
    code: -32600,
    says: /twice/,
  },
  'arguments that nest too deeply': {
    request: { body: call('['.repeat(60) + ']'.repeat(60)) },
    status: 400,
    code: -32600,
    says: /deeper than 50/,
  },
  'arguments that nest without end': {
    request: { body: call('['.repeat(500_000)) },
    status: 400,
    code: -32600,
    says: /deeper than 50/,
  },
  'a message that is too large': {
    request: { body: call(JSON.stringify('x'.repeat(mebibyte))) },
    status: 413,
    code: 4130,
    says: /at most 1048576 bytes/,
  },
  'a length that is too large': {
    request: { body: ping, headers: { 'content-length': String(40 * mebibyte) } },
    status: 413,
    code: 4130,
    says: /at most/,
  },
  'another content type': {
    request: { body: ping, headers: { 'content-type': 'text/plain' } },
    status: 415,
    code: 4150,
    says: /application\/json/,
  },
  'no content type': {
    request: { body: ping, headers: { 'content-type': undefined } },
    status: 415,
    code: 4150,
    says: /application\/json/,
  },
  'a client that takes no JSON': {
    request: { body: ping, headers: { accept: 'text/html' } },
    status: 406,
    code: 4060,
    says: /accept/,
  },
  'a host that is not ours': {
    request: { body: ping, headers: { host: 'evil.example.com' } },
    status: 403,
    code: 4033,
    says: /ALLOWED_HOSTS/,
  },
  'a host that only looks like ours': {
    request: { body: ping, headers: { host: 'localhost.evil.example.com' } },
    status: 403,
    code: 4033,
    says: /host/,
  },
  'an origin that is not ours': {
    request: { body: ping, headers: { origin: 'https://evil.example.com' } },
    status: 403,
    code: 4032,
    says: /ALLOWED_ORIGINS/,
  },
  'an origin of no page': {
    request: { body: ping, headers: { origin: 'null' } },
    status: 403,
    code: 4032,
    says: /origin/,
  },
  'no token': {
    request: { body: ping, headers: { authorization: undefined } },
    status: 401,
    code: 4010,
    says: /personal token/,
  },
  'a token that nobody has': {
    request: { body: ping, headers: { authorization: 'Bearer nobody' } },
    status: 401,
    code: 4010,
    says: /personal token/,
  },
  'a token in the wrong scheme': {
    request: { body: ping, headers: { authorization: 'Basic e2e-admin' } },
    status: 401,
    code: 4010,
    says: /Bearer/,
  },
  'no session': {
    request: { body: ping, headers: { 'mcp-session-id': undefined } },
    status: 400,
    code: -32600,
    says: /initialize/,
  },
  'a session that never was': {
    request: { body: ping, headers: { 'mcp-session-id': 'made-up' } },
    status: 404,
    code: 4041,
    says: /begin a new one/,
  },
  'a revision that never was': {
    request: { body: ping, headers: { 'mcp-protocol-version': '1999-01-01' } },
    status: 400,
    code: -32600,
    says: /2025-11-25/,
  },
  PUT: { request: { method: 'PUT', body: ping }, status: 405, code: 4050, says: /POST, GET and DELETE/ },
  'GET for no stream': {
    request: { method: 'GET', headers: { accept: 'application/json' } },
    status: 406,
    code: 4060,
    says: /text\/event-stream/,
  },
  'GET without a session': {
    request: { method: 'GET', headers: { 'mcp-session-id': undefined } },
    status: 400,
    code: -32600,
    says: /Session/,
  },
  'GET of the modern era': {
    request: { method: 'GET', headers: { 'mcp-protocol-version': '2026-07-28' } },
    status: 405,
    code: 4050,
    says: /subscriptions\/listen/,
  },
  'DELETE of a session that never was': {
    request: { method: 'DELETE', headers: { 'mcp-session-id': 'made-up' } },
    status: 404,
    code: 4041,
    says: /no such session/,
  },
};

for (const [what, { request, status, code, says }] of Object.entries(table))
  test(`${what} is refused, with a reason`, async () => {
    const reply = await client.send(request);
    assert.equal(reply.status, status, reply.body.toString());
    assert.equal(reply.message?.error?.code, code);
    assert.match(reply.message?.error?.message ?? '', says);
    assert.equal(reply.message?.id ?? null, reply.message?.id === 1 ? 1 : null);
    assert.doesNotMatch(reply.body.toString(), /node_modules|\.ts:|e2e-admin/, 'no insides and no token in it');
  });

test('a challenge tells a client without a token which scheme is wanted', async () => {
  const reply = await client.send({ body: ping, headers: { authorization: undefined } });
  assert.match(String(reply.headers['www-authenticate']), /^Bearer /);
});

test('an unknown method reaches the server, whose answer comes back', async () => {
  const reply = await client.call('vendor/unknown');
  assert.equal(reply.status, 200);
  assert.equal(reply.message?.error?.code, -32601);
});

test('a session id proves nothing: to another member, and at another endpoint, there is no such session', async () => {
  await gateway.order({ do: 'add-token', token: 'mallory', name: 'mallory', role: 'admin' });
  const mine = client.headers['mcp-session-id'] ?? '';
  for (const method of ['POST', 'GET', 'DELETE']) {
    const other = createBareClient(gateway.mcp('echo'), 'mallory');
    other.headers['mcp-session-id'] = mine;
    const reply = await other.send({ method, ...(method === 'POST' && { body: ping }) });
    assert.equal(reply.status, 404, method);
    other.close();
  }
  const elsewhere = createBareClient(gateway.mcp('process'), gateway.token);
  elsewhere.headers['mcp-session-id'] = mine;
  assert.equal((await elsewhere.send({ body: ping })).status, 404);
  elsewhere.close();
  assert.deepEqual((await client.call('ping')).message?.result, {}, 'its owner goes on undisturbed');
});

test('a token that is revoked ends at the next request, within a session as well', async () => {
  await gateway.order({ do: 'add-token', token: 'short-lived', name: 'bob', role: 'admin' });
  const bob = createBareClient(gateway.mcp('echo'), 'short-lived');
  await bob.open();
  assert.equal((await bob.call('ping')).status, 200);
  await gateway.order({ do: 'revoke', token: 'short-lived' });
  assert.equal((await bob.call('ping')).status, 401);
  assert.equal((await bob.send({ method: 'GET' })).status, 401);
  bob.close();
});

test('a request id that is under way is refused a second time, and the first goes on', async () => {
  const body = call('{"text":"once"}');
  const [one, two] = await Promise.all([client.send({ body }), client.send({ body })]);
  const statuses = [one.status, two.status].toSorted();
  assert.deepEqual(statuses, [200, 400]);
  const refused = one.status === 400 ? one : two;
  assert.match(refused.message?.error?.message ?? '', /under way already/);
});

test('calls beyond the bound are refused at once, the others go on', async () => {
  const replies = await Promise.all(
    Array.from({ length: 9 }, (_, at) =>
      client.call('tools/call', { name: 'echo', arguments: { text: `${at}` } }, `busy-${at}`),
    ),
  );
  const refused = replies.filter((reply) => reply.message?.error?.code === 4291);
  assert.equal(refused.length, 4);
  assert.match(refused[0]?.message?.error?.message ?? '', /as many as may be/);
  assert.equal(replies.filter((reply) => reply.message?.result !== undefined).length, 5);
});

test('sessions beyond the bound are refused, and one that is ended makes room', async () => {
  const clients = Array.from({ length: 12 }, () => createBareClient(gateway.mcp('echo'), gateway.token));
  const opened = await Promise.allSettled(clients.map((each) => each.open()));
  const failed = opened.filter((each) => each.status === 'rejected');
  assert.ok(failed.length > 0 && failed.length < 12);
  assert.match(String(failed[0]?.reason), /429.*as many as may be/);
  for (const each of clients) if (each.headers['mcp-session-id'] !== undefined) await each.send({ method: 'DELETE' });
  const last = createBareClient(gateway.mcp('echo'), gateway.token);
  await last.open();
  await last.send({ method: 'DELETE' });
  for (const each of [...clients, last]) each.close();
});

test('an unknown server reads as one that may not be used, and leaves no session', async () => {
  const before = await gateway.load();
  const stranger = createBareClient(gateway.mcp('no-such-server'), gateway.token);
  await assert.rejects(stranger.open(), /403.*no server \\?"no-such-server\\?" that you may use/);
  stranger.close();
  assert.equal((await gateway.load()).sessions, before.sessions);
});

test('a client that breaks off in the middle of its request is forgotten', async () => {
  const before = await gateway.load();
  const { port } = new URL(gateway.url);
  for (const said of [
    'POST /mcp/echo HTTP/1.1\r\n',
    `POST /mcp/echo HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${gateway.token}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"jsonrpc"`,
  ]) {
    const socket = createConnection(Number(port), '127.0.0.1');
    await new Promise<void>((resolve) => socket.write(said, () => resolve()));
    socket.destroy();
  }
  await eventually(async () => (await gateway.load()).sockets <= before.sockets, 'the end of the connections');
  assert.deepEqual((await client.call('ping')).message?.result, {});
});

test('a notification is taken without an answer, also one that makes no sense', async () => {
  for (const body of [
    '{"jsonrpc":"2.0","method":"notifications/cancelled"}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"nothing"}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}',
    '{"jsonrpc":"2.0","method":"notifications/made-up","params":[]}',
    '{"jsonrpc":"2.0","id":"nobody-asked","result":{}}',
    '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}',
  ]) {
    const reply = await client.send({ body });
    assert.equal(reply.status, 202, body);
    assert.equal(reply.body.length, 0);
  }
});

test('when all is done nothing is left, and no bug was logged', async () => {
  await client.send({ method: 'DELETE' });
  await eventually(async () => {
    const { calls, waiting, links } = await gateway.load();
    return calls === 0 && waiting === 0 && links <= 1;
  }, 'the end of everything');
  const wrong = (await gateway.log()).filter(({ level }) => level === 'error');
  assert.deepEqual(wrong, []);
});
