// Random and mutated messages through a whole gateway: whatever clients and servers send, every request is answered, nobody
// hears what is another's, and bytes that no policy changed are the bytes that arrive.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type RunningGateway, startGateway } from './testing/compose.ts';

const revisions = { legacy: '2025-11-25', modern: '2026-07-28' } as const;
const runs = { numRuns: 120 };

let server: Server;
let running: RunningGateway;
let agent: Agent;
/** What arrived, by the marker of the member whose server it is. */
const arrived = new Map<string, Buffer[]>();
/** What the server answers to the next call; null: with what it was asked. */
let script: Buffer | null = null;

before(async () => {
  server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (incoming.method !== 'POST') return void response.writeHead(405).end();
    const marker = (incoming.url ?? '').slice(1);
    const { id, method } = JSON.parse(body.toString()) as { id?: unknown; method?: string };
    if (id === undefined || method === undefined) return void response.writeHead(202).end();
    response.setHeader('content-type', 'application/json');
    if (method === 'initialize') {
      response.setHeader('mcp-session-id', `session-${marker}`);
      const result = { protocolVersion: revisions.legacy, capabilities: { logging: {} }, marker };
      return void response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    }
    if (method === 'server/discover') {
      const result = { supportedVersions: [revisions.modern], capabilities: {}, marker };
      return void response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    }
    arrived.get(marker)?.push(body);
    response.end(script ?? `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"marker":"${marker}"}}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  running = await startGateway();
  agent = new Agent({ keepAlive: true });
  const port = (server.address() as AddressInfo).port;
  for (const marker of ['ada', 'bob']) {
    running.host.addToken(`token-${marker}`, { name: marker, role: 'member' });
    arrived.set(marker, []);
    for (const era of ['legacy', 'modern'] as const) {
      const transport = {
        type: 'streamable-http',
        url: `http://127.0.0.1:${port}/${marker}`,
        headers: {},
        era,
      } as const;
      running.host.addServer({ name: `${era}-${marker}`, transport });
      running.host.grant(marker, `${era}-${marker}`, null);
    }
  }
});

after(async () => {
  agent.destroy();
  await running.close();
  server.closeAllConnections();
  server.close();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function post(path: string, marker: string, body: Buffer, headers: Record<string, string>): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request(
    running.mcp(path),
    {
      method: 'POST',
      agent,
      timeout: 20_000,
      headers: {
        authorization: `Bearer token-${marker}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    },
    (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
      );
    },
  );
  outgoing.once('error', reject);
  outgoing.once('timeout', () => outgoing.destroy(new Error('the gateway did not answer')));
  outgoing.end(body);
  return promise;
}

/** The headers of a session that was opened anew. */
async function open(path: string, marker: string): Promise<Record<string, string>> {
  const params = { protocolVersion: revisions.legacy, capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } };
  const opening = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 'open', method: 'initialize', params }));
  const { headers, body } = await post(path, marker, opening, {});
  const session = headers['mcp-session-id'];
  assert.ok(typeof session === 'string', body.toString());
  return { 'mcp-session-id': session };
}

const spaces = fc.constantFrom('', ' ', '\n', '\t ', '  ');
const numbers = fc.constantFrom('1.50', '-0', '1e400', '12345678901234567890', '0.1');

/** JSON as people and machines write it: spaced, escaped, with numbers that no machine holds. */
const texts: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)),
    numbers,
    fc.constantFrom('true', 'false', 'null', '"\\u0041\\ud83d\\ude00"', '"\\/"'),
    fc
      .tuple(spaces, fc.array(tie('value'), { maxLength: 4 }))
      .map(([space, items]) => `[${space}${items.join(`${space},`)}]`),
    fc.tuple(spaces, fc.dictionary(fc.string({ maxLength: 8 }), tie('value'), { maxKeys: 4 })).map(
      ([space, members]) =>
        `{${space}${Object.entries(members)
          .map(([key, value]) => `${JSON.stringify(key)}${space}:${value}`)
          .join(`,${space}`)}}`,
    ),
  ),
})).value;

const methods = fc.constantFrom(
  'tools/call',
  'tools/list',
  'resources/read',
  'prompts/get',
  'completion/complete',
  'vendor/x',
);

const requests = fc.record({ method: methods, argument: texts, space: spaces, id: fc.nat(1_000_000) });

function requestText({
  method,
  argument,
  space,
  id,
}: {
  method: string;
  argument: string;
  space: string;
  id: number;
}): string {
  const params = `{${space}"name":"a","uri":"a://b","arguments":{"x":${argument}}${space}}`;
  return `${space}{"jsonrpc":${space}"2.0","id":${id},${space}"method":"${method}","params":${params}}${space}`;
}

/** Cuts, doubles, swaps and overwrites bytes. */
const mutations = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), kind: fc.nat(3), byte: fc.nat(255) }),
  { minLength: 1, maxLength: 4 },
);

function mutate(
  bytes: Buffer,
  changes: readonly { readonly at: number; readonly kind: number; readonly byte: number }[],
): Buffer {
  let result = bytes;
  for (const { at, kind, byte } of changes) {
    const place = Math.floor(at * result.length);
    const [before, rest] = [result.subarray(0, place), result.subarray(place)];
    if (kind === 0) result = Buffer.concat([before, rest.subarray(1)]);
    else if (kind === 1) result = Buffer.concat([before, Buffer.from([byte]), rest]);
    else if (kind === 2) result = Buffer.concat([before, Buffer.from([byte]), rest.subarray(1)]);
    else result = Buffer.concat([before, rest, rest.subarray(0, 20)]);
  }
  return result;
}

test('what a client writes arrives as it was written, and the answer as the server wrote it', async () => {
  const headers = await open('legacy-ada', 'ada');
  const heard = arrived.get('ada') ?? [];
  await fc.assert(
    fc.asyncProperty(requests, texts, spaces, async (asked, result, space) => {
      const body = Buffer.from(requestText(asked));
      script = Buffer.from(`${space}{"jsonrpc":"2.0",${space}"result":{"r":${result}},"id":${asked.id}}`);
      heard.length = 0;
      const answer = await post('legacy-ada', 'ada', body, headers);
      assert.deepEqual(heard, [body]);
      assert.deepEqual(answer.body, script);
    }),
    runs,
  );
  script = null;
});

for (const path of ['legacy', 'modern'] as const)
  test(`what is broken is answered, and costs nobody else anything, at a ${path} server`, async () => {
    const ada = await open(`${path}-ada`, 'ada');
    const bob = await open(`${path}-bob`, 'bob');
    await fc.assert(
      fc.asyncProperty(requests, mutations, async (asked, changes) => {
        const broken = mutate(Buffer.from(requestText(asked)), changes);
        const [answer, other] = await Promise.all([
          post(`${path}-ada`, 'ada', broken, ada),
          post(`${path}-bob`, 'bob', Buffer.from(requestText(asked)), bob),
        ]);
        assert.ok(answer.status >= 200 && answer.status < 500, answer.body.toString());
        assert.equal(answer.body.includes('bob'), false);
        assert.match(other.body.toString(), /"marker":"bob"/);
        // What is broken may end a session, which is what the client is told.
        if (answer.status === 404) Object.assign(ada, await open(`${path}-ada`, 'ada'));
      }),
      runs,
    );
  });

for (const path of ['legacy', 'modern'] as const)
  test(`whatever a ${path} server answers, its client gets an answer, and others get theirs`, async () => {
    const ada = await open(`${path}-ada`, 'ada');
    await fc.assert(
      fc.asyncProperty(requests, texts, mutations, async (asked, result, changes) => {
        const written = `{"jsonrpc":"2.0","id":${asked.id},"result":{"r":${result}}}`;
        script = mutate(Buffer.from(written), changes);
        const answer = await post(`${path}-ada`, 'ada', Buffer.from(requestText(asked)), ada);
        assert.ok(answer.status >= 200 && answer.status < 500, answer.body.toString());
        const message = JSON.parse(answer.body.toString()) as { id: unknown; result?: unknown; error?: unknown };
        assert.ok('result' in message || 'error' in message);
      }),
      runs,
    );
    script = null;
    const calm = await post(
      `${path}-ada`,
      'ada',
      Buffer.from(requestText({ method: 'vendor/x', argument: '1', space: '', id: 1 })),
      ada,
    );
    assert.match(calm.body.toString(), /"marker":"ada"/);
  });

test('a modern client’s random messages at a legacy server are answered, each to its own', async () => {
  const meta = JSON.stringify({
    'io.modelcontextprotocol/protocolVersion': revisions.modern,
    'io.modelcontextprotocol/clientCapabilities': {},
  });
  await fc.assert(
    fc.asyncProperty(requests, async (asked) => {
      const headers = { 'mcp-protocol-version': revisions.modern, 'mcp-method': asked.method };
      const text = requestText(asked).replace('"params":{', `"params":{"_meta":${meta},`);
      const named = { ...headers, 'mcp-name': asked.method === 'resources/read' ? 'a://b' : 'a' };
      const [ada, bob] = await Promise.all(
        ['ada', 'bob'].map((marker) => post(`legacy-${marker}`, marker, Buffer.from(text), named)),
      );
      assert.match(ada?.body.toString() ?? '', /"marker":"ada"/);
      assert.match(bob?.body.toString() ?? '', /"marker":"bob"/);
    }),
    runs,
  );
  assert.equal(running.host.logged.filter(({ level }) => level === 'error').length, 0, 'nothing was a bug');
});
