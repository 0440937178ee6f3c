import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { HttpRequest } from '../http-request.ts';
import type { Reply } from '../reply.ts';
import { createLane, type Lane } from './lane.ts';

const clock = { now: () => 1_763_712_000_000, micros: () => 0 };

type Serve = (request: HttpRequest, reply: Reply, path: string) => void;

/** What a server understood of a request; whoever read it, this must be the same. */
function understood(method: string, path: string, headers: IncomingHttpHeaders, body: Buffer): Buffer {
  const named = Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify({ method, path, headers: named, body: body.toString('latin1') }));
}

const echo: Serve = (request, reply, path) => {
  request.readBody(
    1_000_000,
    () => true,
    (_, body) => reply.answer(understood(request.method, path, request.headers, body), 200, null),
  );
};

interface Site {
  readonly port: number;
  readonly lane: Lane;
  /** Requests that Node's server answered. */
  readonly byNode: () => number;
}

const servers = new Set<Server>();
const lanes = new Set<Lane>();
after(() => {
  for (const server of servers) server.close().closeAllConnections();
  for (const lane of lanes) lane.cut();
});

async function site(serve: Serve = echo, { fast = true } = {}): Promise<Site> {
  let byNode = 0;
  const server = createServer((request, response) => {
    byNode++;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      response.setHeader('content-type', 'application/json');
      response.end(understood(method, url, headers, Buffer.concat(chunks)));
    });
  });
  const native = server.listeners('connection');
  const lane = createLane({
    clock,
    open: () => fast,
    serve,
    handOver(socket) {
      for (const take of native) take.call(server, socket);
    },
  });
  server.removeAllListeners('connection').on('connection', (socket: Socket) => lane.take(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.add(server);
  lanes.add(lane);
  return { port: (server.address() as AddressInfo).port, lane, byNode: () => byNode };
}

async function dial({
  port,
}: Site): Promise<{ socket: Socket; said: () => string; until: (text: string) => Promise<void> }> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  const until = async (text: string): Promise<void> => {
    while (!said.includes(text)) await once(socket, 'data');
  };
  return { socket, said: () => said, until };
}

function post(body: string, path = '/mcp/files', more = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: hub\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
}

test('a plain post is answered here, and the connection stays for the next', async () => {
  const at = await site();
  const { socket, said, until } = await dial(at);
  socket.write(post('first', '/mcp/files', 'Authorization: Bearer x\r\n'));
  await until('"body":"first"');
  socket.write(post('second', '/mcp'));
  await until('"body":"second"');
  assert.match(said(), /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(said(), /\r\nconnection: keep-alive\r\nkeep-alive: timeout=65\r\n/);
  assert.match(said(), /\r\ndate: Fri, 21 Nov 2025 08:00:00 GMT\r\n/);
  assert.equal(at.byNode(), 0);
  socket.destroy();
});

test('a request that comes in byte by byte is answered once it is whole', async () => {
  const at = await site();
  const { socket, said, until } = await dial(at);
  socket.setNoDelay(true);
  for (const byte of post('slowly')) {
    socket.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until('"body":"slowly"');
  assert.equal(said().split('HTTP/1.1').length, 2);
  assert.equal(at.byNode(), 0);
  socket.destroy();
});

test('requests sent ahead are answered one after the other, in their order', async () => {
  const waiting: (() => void)[] = [];
  const at = await site((request, reply, path) => waiting.push(() => echo(request, reply, path)));
  const { socket, said, until } = await dial(at);
  const count = 200;
  socket.write(Array.from({ length: count }, (_, i) => post(`<${i}>`)).join(''));
  for (let i = 0; i < count; i++) {
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(waiting.length, 1, 'the next is not begun before this one is answered');
    waiting.shift()?.();
    await until(`<${i}>`);
  }
  assert.deepEqual(
    [...said().matchAll(/<(\d+)>/g)].map(([, i]) => Number(i)),
    Array.from({ length: count }, (_, i) => i),
  );
  socket.destroy();
});

test('thousands of requests that lie in one piece are answered without growing the stack', async () => {
  const at = await site();
  const { socket, until } = await dial(at);
  for (let i = 0; i < 40; i++) socket.write(post('x').repeat(500));
  socket.write(post('the last one'));
  await until('the last one');
  socket.destroy();
});

test('what is no plain post goes to the other server, with everything that came before it', async () => {
  const unusual: readonly [string, string][] = [
    ['a GET', 'GET /mcp/files HTTP/1.1\r\nHost: hub\r\n\r\n'],
    ['another path', post('x', '/api/v1/me')],
    ['a query', post('x', '/mcp/files?a=1')],
    ['an escaped name', post('x', '/mcp/with%20space')],
    ['chunks', 'POST /mcp HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n'],
    ['a large body', post('x'.repeat(100_000))],
    ['an unusual character', post('x', '/mcp', 'X-Name: J\u00fcrgen\r\n')],
    ['a header said twice', post('x', '/mcp', 'Mcp-Session-Id: a\r\nMcp-Session-Id: b\r\n')],
    ['a connection that ends', post('x', '/mcp', 'Connection: close\r\n')],
  ];
  for (const [what, text] of unusual) {
    const at = await site();
    const { socket, said, until } = await dial(at);
    socket.write(post('before'));
    await until('"body":"before"');
    assert.equal(at.byNode(), 0);
    socket.write(text, 'latin1');
    while (at.byNode() === 0) await once(socket, 'data');
    assert.equal(said().split('HTTP/1.1 200').length, 3, what);
    socket.destroy();
  }
});

test('two lengths, and whatever else no server takes, are refused as Node refuses them', async () => {
  for (const text of [
    'POST /mcp HTTP/1.1\r\nHost: hub\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
    'POST /mcp HTTP/1.1\r\nHost: hub\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /mcp HTTP/1.1\r\nHost: hub\r\nContent-Length : 1\r\n\r\nx',
    'POST /mcp HTTP/1.1\r\nHost: hub\r\nContent-Length: 0x1\r\n\r\nx',
    'POST /mcp HTTP/1.1\r\nHost: hub\r\n Content-Length: 1\r\n\r\nx',
  ]) {
    const at = await site();
    const { socket, until } = await dial(at);
    socket.write(text);
    await until('HTTP/1.1 400');
    assert.equal(at.byNode(), 0, text);
  }
});

test('whatever the bytes, both servers understand the same', async () => {
  const [fast, slow] = await Promise.all([site(), site(echo, { fast: false })]);
  let here = 0;
  const name = fc.constantFrom(
    'X-A',
    'x-a',
    'Accept',
    'Mcp-Session-Id',
    'Connection',
    'Content-Length',
    'TE',
    '__proto__',
    'x a',
    '',
  );
  const value = fc.constantFrom(
    '',
    'a',
    ' a ',
    '\t1',
    '5',
    '05',
    'keep-alive',
    'close',
    'ch\u00e4',
    'a\u0000b',
    'a\rb',
    'a\nb',
    'a, b',
  );
  const line = fc.tuple(
    name,
    fc.constantFrom(': ', ':', ' : ', '', ':\t'),
    value,
    fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r\n '),
  );
  const plain = fc.constantFrom(
    'Accept: */*\r\n',
    'Mcp-Session-Id: a\r\n',
    'x-b:\tc \r\n',
    'Connection: keep-alive\r\n',
  );
  const request = fc.record({
    method: fc.constantFrom('POST', 'POST', 'DELETE', 'PUT', 'post'),
    path: fc.constantFrom('/mcp', '/mcp/files', '/mcp/a.b-c_d~e', '/mcp/', '/mcp/%41', '/mcp?x', '*'),
    version: fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'http/1.1'),
    length: fc.constantFrom(
      'Content-Length: 5\r\n',
      'content-length:5\r\n',
      'Content-Length: 0\r\n',
      '',
      'Content-Length: 5 \r\n',
    ),
    plains: fc.uniqueArray(plain),
    lines: fc.oneof(fc.constant([]), fc.array(line, { maxLength: 3 })),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, version, length, plains, lines }) => {
      const head = `${method} ${path} ${version}\r\nHost: hub\r\n${length}${plains.join('')}${lines.flat().join('')}`;
      // What follows a request that has no body would be the next one.
      const text = `${head}\r\n${/length *:\s*0?5/i.test(head) ? 'hello' : ''}\r\n\r\n`;
      const before = fast.byNode();
      const [a, b] = await Promise.all([answerOf(fast, text), answerOf(slow, text)]);
      assert.equal(a, b);
      if (fast.byNode() === before && a.startsWith('200')) here++;
    }),
    { numRuns: 300 },
  );
  assert.ok(here > 10, `only ${here} requests were answered here`);
});

/** Status and body of the first answer; after it, the client asks for nothing more. */
async function answerOf(at: Site, text: string): Promise<string> {
  const { socket, said } = await dial(at);
  socket.write(Buffer.from(text, 'latin1'));
  // What is refused ends the connection; what is answered is whole by its length.
  const ended = once(socket, 'close');
  const whole = (): boolean => {
    const length = /content-length: (\d+)/i.exec(said());
    const start = said().indexOf('\r\n\r\n');
    return length !== null && start !== -1 && said().length >= start + 4 + Number(length[1]);
  };
  while (!whole() && !socket.destroyed) await Promise.race([once(socket, 'data').catch(() => {}), ended]);
  const [, status = 'none'] = /^HTTP\/1\.1 (\d+)/.exec(said()) ?? [];
  const first = whole() ? said().slice(said().indexOf('\r\n\r\n') + 4, said().indexOf('HTTP/1.1', 9) >>> 0) : '';
  socket.destroy();
  return `${status} ${first}`;
}

test('a client that leaves is noticed, and nothing more is written for it', async () => {
  const replies: Reply[] = [];
  const at = await site((_, reply) => replies.push(reply));
  const { socket } = await dial(at);
  socket.write(post('x'));
  while (replies.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const [reply] = replies;
  assert.ok(reply !== undefined && !reply.gone);
  const closed = new Promise<void>((resolve) => reply.onClosed(resolve));
  const left = new Promise<void>((resolve) => reply.onGone(resolve));
  socket.destroy();
  await Promise.all([closed, left]);
  assert.ok(reply.gone);
  reply.answer(Buffer.from('{}'), 200, null);
});

test('an answer in events is a stream that ends, and the connection stays', async () => {
  const at = await site((_, reply) => {
    reply.event(Buffer.from('{"n":1}'), 'e1');
    setImmediate(() => reply.answer(Buffer.from('{"n":2}'), 200, 'e2'));
  });
  for (let i = 0; i < 2; i++) {
    const response = await fetch(`http://127.0.0.1:${at.port}/mcp`, { method: 'POST', body: '{}' });
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    const text = await response.text();
    assert.match(text, /^id: e1\nevent: message\ndata: \{"n":1\}\n\nid: e2\nevent: message\ndata: \{"n":2\}\n\n$/);
  }
});

test('a reply waits for a client that does not read', async () => {
  const replies: Reply[] = [];
  const at = await site((_, reply) => replies.push(reply));
  const { socket } = await dial(at);
  socket.pause();
  socket.write(post('x'));
  while (replies.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const [reply] = replies;
  assert.ok(reply !== undefined);
  const large = Buffer.alloc(256 * 1024, 'x');
  while (reply.hasRoom()) reply.event(large, null);
  const room = new Promise<void>((resolve) => reply.onRoom(resolve));
  socket.resume();
  await room;
  assert.ok(reply.hasRoom());
  socket.destroy();
});

test('a header of an answer cannot bring lines of its own', async () => {
  const refused: unknown[] = [];
  const at = await site((request, reply, path) => {
    try {
      reply.header('x-name', 'a\r\nset-cookie: b');
    } catch (error) {
      refused.push(error);
    }
    echo(request, reply, path);
  });
  const { socket, said, until } = await dial(at);
  socket.write(post('x'));
  await until('"body":"x"');
  assert.equal(refused.length, 1);
  assert.doesNotMatch(said(), /set-cookie/);
  socket.destroy();
});

test('a lane that closes ends idle connections at once, and the others with their answer', async () => {
  const waiting: (() => void)[] = [];
  const at = await site((request, reply, path) => waiting.push(() => echo(request, reply, path)));
  const [idle, busy] = await Promise.all([dial(at), dial(at)]);
  busy.socket.write(post('x'));
  while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const gone = once(idle.socket, 'close');
  at.lane.close();
  await gone;
  waiting[0]?.();
  await once(busy.socket, 'close');
  assert.match(busy.said(), /\r\nconnection: close\r\n/);
  assert.match(busy.said(), /"body":"x"/);
});

test('a client that sends much ahead is made to wait', async () => {
  const waiting: (() => void)[] = [];
  const at = await site((request, reply, path) => waiting.push(() => echo(request, reply, path)));
  const { socket, until } = await dial(at);
  const some = post('y'.repeat(10_000));
  let sent = 0;
  // More than the system's own buffers take.
  while (socket.write(some) && sent < 10_000) sent++;
  for (let i = 0; i < 200 && socket.writableLength > 0; i++) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(socket.writableLength > 0, 'what nobody read yet waits at the client');
  while (waiting.length > 0 || socket.writableLength > 0) {
    waiting.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until('HTTP/1.1 200');
  socket.destroy();
});
