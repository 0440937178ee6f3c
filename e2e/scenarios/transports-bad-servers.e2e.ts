// Servers over HTTP+SSE and over WebSockets that lie, hang, break off or never stop: every call is answered with a clear error
// within bounds, nothing goes where it must not, and no connection is left behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createBareClient } from '../actors/bare-client.ts';
import { eventually } from '../actors/eventually.ts';
import { type MemoryGateway, startMemoryGateway } from '../actors/memory-gateway.ts';
import { type RudeDuplex, startRudeDuplex } from '../actors/rude-duplex.ts';

const invalid = 5020;
const unavailable = 5030;
const late = 5040;
const gone = 4041;

interface Row {
  /** The code of the error; null when the call succeeds. */
  readonly code: number | null;
  readonly says?: RegExp;
  /** Already `initialize` is answered so. */
  readonly opening?: true;
}

const rows: Readonly<Record<'sse' | 'websocket', Readonly<Record<string, Row>>>> = {
  sse: {
    echo: { code: null },
    garbage: { code: null },
    twice: { code: null },
    'deaf-post': { code: null },
    'foreign-endpoint': { code: invalid, says: /not on its own origin/, opening: true },
    'no-endpoint': { code: late, says: /endpoint event within 2 seconds/, opening: true },
    'words-first': { code: invalid, says: /before it said where to post/, opening: true },
    redirect: { code: invalid, says: /HTTP 302/, opening: true },
    html: { code: invalid, says: /content type "text\/html"/, opening: true },
    status: { code: unavailable, says: /HTTP 500/, opening: true },
    unauthorized: { code: unavailable, says: /credentials.*headers of this server/, opening: true },
    hang: { code: late, says: /no sign of life/ },
    cut: { code: unavailable, says: /ended its stream/ },
    'post-500': { code: unavailable, says: /HTTP 500/ },
    forgets: { code: gone, says: /has forgotten this session/ },
    'broken-answer': { code: invalid, says: /no message/ },
    huge: { code: invalid, says: /more than 4194304 bytes/ },
    'endless-line': { code: invalid, says: /more than 4194304 bytes/ },
  },
  websocket: {
    echo: { code: null },
    garbage: { code: null },
    twice: { code: null },
    unauthorized: { code: unavailable, says: /credentials.*headers of this server/, opening: true },
    'no-websocket': { code: invalid, says: /HTTP 200 instead of a WebSocket/, opening: true },
    'no-subprotocol': { code: invalid, says: /subprotocol mcp/, opening: true },
    'silent-upgrade': { code: unavailable, says: /did not take the connection in time/, opening: true },
    hang: { code: late, says: /no sign of life/ },
    cut: { code: unavailable, says: /closed the connection/ },
    'broken-answer': { code: invalid, says: /no message/ },
    binary: { code: invalid, says: /binary frame/ },
    huge: { code: invalid, says: /more than 4194304 bytes/ },
  },
};

const clientInfo = { name: 'bare', version: '1' };

let server: RudeDuplex;
let gateway: MemoryGateway;

before(async () => {
  server = await startRudeDuplex();
  const servers = [
    ...Object.keys(rows.sse).map((mode) => ({ name: `sse-${mode}`, type: 'sse' as const, url: server.sse(mode) })),
    ...Object.keys(rows.websocket).map((mode) => ({
      name: `websocket-${mode}`,
      type: 'websocket' as const,
      url: server.webSocket(mode),
    })),
  ];
  gateway = await startMemoryGateway({
    settings: { maxMessageBytes: 4 * 1024 * 1024, callTimeout: 2_000, connectTimeout: 2_000 },
    servers: servers.map(({ name, type, url }) => ({ name, transport: { type, url, headers: { 'x-key': 'ours' } } })),
  });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await server?.close();
});

for (const [kind, modes] of Object.entries(rows))
  for (const [mode, { code, says, opening }] of Object.entries(modes))
    test(`a server over ${kind} that does "${mode}" costs its own calls only`, async () => {
      const client = createBareClient(gateway.mcp(`${kind}-${mode}`), gateway.token);
      if (opening !== true) await client.open();
      const reply =
        opening === true
          ? await client.call('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
          : await client.call('tools/call', { name: 'echo', arguments: { text: 'there' } });
      assert.equal(reply.message?.error?.code ?? null, code, reply.body.toString().slice(0, 300));
      if (says !== undefined) assert.match(reply.message?.error?.message ?? '', says);
      if (code === null) assert.match(JSON.stringify(reply.message?.result), /there/);
      if (client.headers['mcp-session-id'] !== undefined) await client.send({ method: 'DELETE' });
      client.close();
      await eventually(async () => {
        const { calls, sessions, links, waiting } = await gateway.load();
        return calls + sessions + links + waiting === 0;
      }, 'the end of all that belongs to it');
      await eventually(() => server.open() === 0, 'the end of the connection to the server');
    });

test('an endpoint on another origin, and one behind a redirect, were never asked', () => {
  assert.ok(!server.requests.some((path) => path.includes('steal')));
  assert.equal(server.requests.filter((path) => path === '/sse/redirect').length, 1);
});

test('nothing that such a server does is logged as an error of ours', async () => {
  assert.deepEqual(
    (await gateway.log()).filter(({ level }) => level === 'error'),
    [],
  );
});
