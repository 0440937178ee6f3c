import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type HeldStream, holdStream } from './held-stream.ts';

/** Answers each connection with what the test says, and remembers what it was asked. */
let server: Server;
let origin: string;
let answer: (socket: Socket, asked: string) => unknown;

before(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (asked: Buffer) => void answer(socket, asked.toString()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => server.close());

interface Seen {
  readonly stream: HeldStream;
  readonly statuses: string[];
  data: string;
  ended: number;
  readonly over: Promise<void>;
}

function hold(to = origin, headers: readonly string[] = []): Seen {
  const over = Promise.withResolvers<void>();
  const seen = { statuses: [] as string[], data: '', ended: 0, over: over.promise };
  const stream = holdStream({ origin: to, path: '/mcp?a=b' }, headers, 500, {
    status: (code, type) => seen.statuses.push(`${code} ${type}`),
    data: (chunk) => {
      seen.data += chunk.toString('latin1');
    },
    ended() {
      seen.ended++;
      over.resolve();
    },
  });
  return Object.assign(seen, { stream });
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n';

test('what is asked names host, path and headers, and nothing that could break out of its line', async () => {
  const asked = Promise.withResolvers<string>();
  answer = (socket, text) => {
    asked.resolve(text);
    socket.end(`${ok}\r\n`);
  };
  const seen = hold(origin, ['accept', 'text/event-stream', 'x-evil', 'a\r\nx-more: b', 'bad name', 'c']);
  await seen.over;
  const [first, ...lines] = (await asked.promise).split('\r\n');
  assert.equal(first, 'GET /mcp?a=b HTTP/1.1');
  assert.deepEqual(lines, [`host: ${new URL(origin).host}`, 'accept: text/event-stream', '', '']);
});

test('a body is passed on however its bytes are cut and framed', async () => {
  const framings: Readonly<Record<string, (body: string) => string>> = {
    'until the connection ends': (body) => `${ok}\r\n${body}`,
    'by its length': (body) => `${ok}Content-Length: ${body.length}\r\n\r\n${body}`,
    'in chunks': (body) =>
      `${ok}Transfer-Encoding: chunked\r\n\r\n${[...(body.match(/[^]{1,7}/g) ?? [])].map((part) => `${part.length.toString(16)};x=y\r\n${part}\r\n`).join('')}0\r\n\r\n`,
  };
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[a-z\r\n: ]{0,60}$/),
      fc.constantFrom(...Object.values(framings)),
      fc.array(fc.nat(200), { maxLength: 5 }),
      async (body, frame, cuts) => {
        const said = frame(body);
        answer = async (socket) => {
          socket.setNoDelay(true);
          let from = 0;
          for (const cut of [...cuts.filter((cut) => cut < said.length), said.length].toSorted((a, b) => a - b)) {
            socket.write(said.slice(from, cut), 'latin1');
            from = cut;
            await new Promise((resolve) => setImmediate(resolve));
          }
          socket.end();
        };
        const seen = hold();
        await seen.over;
        assert.deepEqual(seen.statuses, ['200 text/event-stream']);
        assert.equal(seen.data, body);
        assert.equal(seen.ended, 1);
      },
    ),
    { numRuns: 100 },
  );
});

test('answers that only announce another one are passed over', async () => {
  answer = (socket) => socket.end(`HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${ok}\r\nhello`);
  const seen = hold();
  await seen.over;
  assert.deepEqual(seen.statuses, ['200 text/event-stream']);
  assert.equal(seen.data, 'hello');
});

for (const [what, said] of [
  ['nothing', ''],
  ['something that is no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['headers without end', `${ok}${'x: y\r\n'.repeat(10_000)}`],
] as const)
  test(`a server that says ${what} ends the stream without a status`, async () => {
    answer = (socket) => socket.end(said);
    const seen = hold();
    await seen.over;
    assert.deepEqual(seen.statuses, []);
    assert.equal(seen.ended, 1);
  });

test('a chunk whose size is none ends the stream', async () => {
  answer = (socket) => socket.end(`${ok}transfer-encoding: chunked\r\n\r\nzz\r\nhello`);
  const seen = hold();
  await seen.over;
  assert.equal(seen.data, '');
});

test('a server that cannot be reached ends the stream, once', async () => {
  const seen = hold('http://127.0.0.1:9');
  await seen.over;
  assert.deepEqual([seen.statuses, seen.ended], [[], 1]);
});

test('what is closed from here is silent from then on', async () => {
  const gone = Promise.withResolvers<void>();
  answer = (socket) => {
    socket.on('close', () => gone.resolve());
    socket.write(`${ok}\r\nhello`);
  };
  const seen = hold();
  while (seen.data === '') await new Promise((resolve) => setTimeout(resolve, 5));
  seen.stream.close();
  await gone.promise;
  assert.deepEqual([seen.data, seen.ended], ['hello', 0]);
});

test('a quiet stream stays open for longer than reaching the server may take', async (t) => {
  const responses: ServerResponse[] = [];
  const http = createHttpServer((_request, response) => void responses.push(response)).listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(() => {
    http.closeAllConnections();
    http.close();
  });
  const seen = hold(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.equal(seen.ended, 0);
  responses[0]?.writeHead(200, { 'content-type': 'text/event-stream' }).end('late');
  await seen.over;
  assert.equal(seen.data, 'late');
});
