import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { quiet } from '../testing/quiet.ts';
import { addressesOf } from './addresses.ts';
import { loadConsole } from './console-files.ts';
import { type ComponentState, createHealth } from './health.ts';
import { createHubServer } from './hub-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcpvault-console-'));
mkdirSync(join(folder, 'assets'));
const script = `console.log("${'x'.repeat(5000)}")`;
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>console</title>');
writeFileSync(join(folder, 'assets', 'main-abc123.js'), script);

const states: Record<'database' | 'journal' | 'gateway', ComponentState> = {
  database: 'ok',
  journal: 'ok',
  gateway: 'ok',
};
const clock = { time: 0, now: () => clock.time, micros: () => 0 };
const server = createHubServer(quiet, clock);
let url: string;
let port: number;

before(async () => {
  port = await server.listen('127.0.0.1', 0);
  url = `http://127.0.0.1:${port}`;
});
after(async () => {
  await server.close(0);
  rmSync(folder, { recursive: true });
});

test('while the hub starts, it is alive and not ready', async () => {
  assert.equal((await fetch(`${url}/livez`)).status, 200);
  for (const path of ['/readyz', '/mcp', '/api/v1/me', '/']) {
    const response = await fetch(url + path);
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '2'], path);
  }
});

test('once it serves, each path goes to whom it belongs', async () => {
  const files = await loadConsole(folder);
  server.serve({
    addresses: addressesOf({
      host: '127.0.0.1',
      port,
      publicUrl: null,
      allowedHosts: [],
      allowedOrigins: [],
      hostname: 'here',
      interfaces: {},
    }),
    health: createHealth(
      {
        database: () => {
          if (states.database === 'failing') throw new Error('away');
          return states.database;
        },
        journal: () => states.journal,
        gateway: () => states.gateway,
      },
      clock,
    ),
    mcp: (_, response, endpoint) => response.end(`mcp ${endpoint}`),
    mcpLane: (_, reply, endpoint) => reply.answer(Buffer.from(`mcp ${endpoint}`), 200, null),
    mcpSse: (_, response, endpoint, part) => response.end(`${part} ${endpoint}`),
    mcpSocket: (_, socket, __, endpoint) => socket.end(`HTTP/1.1 418 Socket of ${endpoint}\r\n\r\n`),
    oauth: (_, response, path) => path.startsWith('/oauth/') && (response.end(`oauth ${path}`), true),
    api: (request, response) => response.end(`api ${request.url}`),
    scim: (_, response, path) => response.end(`scim ${path}`),
    link: (_, response, path) => response.end(`link ${path}`),
    live: (_, socket) => socket.end('HTTP/1.1 418 Live\r\n\r\n'),
    console: (request, response, path) => files.handle(request, response, path),
    clientMetadata: null,
    nextRequestId: () => 'req_1',
  });
  const bodyOf = async (path: string) => (await fetch(url + path)).text();
  assert.equal(await bodyOf('/mcp'), 'mcp null');
  assert.equal(await bodyOf('/mcp?x=1'), 'mcp null');
  assert.equal(await bodyOf('/mcp/files'), 'mcp files');
  assert.equal(await bodyOf('/mcp/files?x=1'), 'mcp files');
  assert.equal(await bodyOf('/mcp/with%20space'), 'mcp with space');
  assert.equal(await bodyOf('/sse'), 'stream null');
  assert.equal(await bodyOf('/sse/message?sessionId=1'), 'message null');
  assert.equal(await bodyOf('/mcp/files/sse'), 'stream files');
  assert.equal(await bodyOf('/mcp/files/sse/message'), 'message files');
  assert.equal(await bodyOf('/mcp/sse'), 'mcp sse');
  assert.equal(await bodyOf('/mcp/sse/sse'), 'stream sse');
  assert.equal(await bodyOf('/api/v1/x?y'), 'api /api/v1/x?y');
  assert.match(await bodyOf('/mcpx'), /<title>console/);
});

test('what cannot be an endpoint is not there', async () => {
  for (const path of ['/mcp/', '/mcp/a/b', '/mcp/%', '/mcp/%ff', `/mcp/${'a'.repeat(300)}`]) {
    const response = await fetch(url + path);
    assert.equal(response.status, 404, path);
    assert.equal(((await response.json()) as { code: string }).code, 'not_found');
  }
});

test('being ready is told by component, and each failing one is named', async () => {
  const ready = async () => {
    clock.time += 1000;
    const response = await fetch(`${url}/readyz`);
    return { status: response.status, ...((await response.json()) as { components: object }) };
  };
  const components = { database: { status: 'ok' }, journal: { status: 'ok' }, gateway: { status: 'ok' } };
  assert.deepEqual(await ready(), { status: 'ready', components });
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
  for (const [name, state] of [
    ['database', 'failing'],
    ['journal', 'failing'],
    ['gateway', 'stopping'],
  ] as const) {
    states[name] = state;
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    const said = await ready();
    assert.deepEqual(said.components, { ...components, [name]: { status: state } });
    states[name] = 'ok';
    clock.time += 1000;
  }
  states.database = 'failing';
  assert.equal((await fetch(`${url}/readyz`)).status, 503);
  states.database = 'ok';
});

test('stopping shows at once, however lately somebody asked', async () => {
  clock.time += 1000;
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
  states.gateway = 'stopping';
  assert.equal((await fetch(`${url}/readyz`)).status, 503);
  states.gateway = 'ok';
});

test('the console comes with a strict policy, and its pages are all the one page', async () => {
  for (const path of ['/', '/messages', '/servers/abc', '/setup']) {
    const response = await fetch(url + path);
    assert.deepEqual([response.status, response.headers.get('cache-control')], [200, 'no-cache'], path);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.ok(policy.includes("default-src 'none'") && policy.includes("frame-ancestors 'none'"));
    assert.ok(!policy.includes('unsafe'));
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  }
  for (const path of ['/nothing.js', '/assets/../../../etc/passwd.txt', '/..%2f..%2fetc%2fpasswd.txt']) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
  assert.equal((await fetch(`${url}/`, { method: 'POST' })).status, 405);
});

test('assets are compressed, kept for good, and not sent twice', async () => {
  const path = '/assets/main-abc123.js';
  const first = await fetch(url + path, { headers: { 'accept-encoding': 'br, gzip' } });
  assert.equal(first.headers.get('content-encoding'), 'br');
  assert.match(first.headers.get('cache-control') ?? '', /immutable/);
  assert.equal(first.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.equal(await first.text(), script);
  const plain = await fetch(url + path, { headers: { 'accept-encoding': 'gzip;q=0' } });
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.equal(await plain.text(), script);
  const etag = first.headers.get('etag') ?? '';
  const again = await fetch(url + path, { headers: { 'if-none-match': etag } });
  assert.deepEqual([again.status, await again.text()], [304, '']);
  const head = await fetch(url + path, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
});

test('an encoding is chosen of those that were named, however they were named', async () => {
  const path = '/assets/main-abc123.js';
  for (const [accepted, encoding] of [
    ['br', 'br'],
    ['BR;q=1.0, gzip', 'br'],
    ['deflate , gzip ; q=0.5', 'gzip'],
    ['br;q=0.000, gzip', 'gzip'],
    ['br;q=0', null],
    [`br${' '.repeat(20_000)}x`, null],
    ['xbr, brx, *', null],
  ] as const) {
    const { headers } = await answerTo(path, { 'accept-encoding': accepted });
    assert.equal(headers['content-encoding'] ?? null, encoding, accepted.slice(0, 40));
  }
});

test('a client that offers to upgrade to what is not there is answered as if it had not', async () => {
  for (const [path, upgrade, answer] of [
    ['/mcp', 'h2c', 'mcp null'],
    ['/sse', 'websocket', 'stream null'],
    ['/api/v1/live', 'h2c', 'api /api/v1/live'],
    ['/api/v1/other', 'websocket', 'api /api/v1/other'],
  ] as const) {
    const { body } = await answerTo(path, { connection: 'Upgrade, HTTP2-Settings', upgrade });
    assert.equal(body, answer);
  }
});

test('WebSockets of the endpoints and of the live feed are kept apart', async () => {
  for (const [path, status] of [
    ['/mcp', 'Socket of null'],
    ['/mcp/files?x=1', 'Socket of files'],
    ['/mcp/a/b', 'Not Found'],
    ['/api/v1/live', 'Live'],
  ] as const) {
    assert.equal(await statusOf(path, { connection: 'Upgrade', upgrade: 'WebSocket' }), status);
  }
});

function statusOf(path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url + path, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusMessage ?? '');
    });
    request.on('error', reject).end();
  });
}

function answerTo(
  path: string,
  headers: Record<string, string>,
): Promise<{ headers: NodeJS.Dict<string | string[]>; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url + path, { headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString('latin1');
      });
      response.on('end', () => resolve({ headers: response.headers, body }));
    });
    request.on('upgrade', () => reject(new Error('it was upgraded')));
    request.on('error', reject).end();
  });
}

test('where the console was not built, a page says so', async () => {
  const other = createHubServer(quiet, clock);
  const files = await loadConsole(join(folder, 'absent'));
  const unused = () => assert.fail('not asked for');
  const at = await other.listen('127.0.0.1', 0);
  const options = {
    host: '127.0.0.1',
    port: at,
    publicUrl: null,
    allowedHosts: [],
    allowedOrigins: [],
    hostname: 'h',
    interfaces: {},
  };
  other.serve({
    addresses: addressesOf(options),
    health: { handle: unused },
    mcp: unused,
    mcpLane: unused,
    mcpSse: unused,
    mcpSocket: unused,
    oauth: () => false,
    api: unused,
    scim: unused,
    link: unused,
    live: unused,
    console: (request, response, path) => files.handle(request, response, path),
    clientMetadata: null,
    nextRequestId: () => 'req_1',
  });
  const response = await fetch(`http://127.0.0.1:${at}/`);
  assert.match(await response.text(), /has not been built/);
  await other.close(0);
});

test('a port in use is said in a sentence with its fix', async () => {
  const other = createHubServer(quiet, clock);
  await assert.rejects(other.listen('127.0.0.1', port), { name: 'Failure', message: /is in use.*MCPVAULT_PORT/ });
  await assert.rejects(createHubServer(quiet, clock).listen('192.0.2.200', 0), {
    name: 'Failure',
    message: /MCPVAULT_HOST/,
  });
});

test('headers that are too large and lines that are no HTTP are refused, and the server goes on', async () => {
  const large = await new Promise<number>((resolve, reject) => {
    const request = httpRequest(url, { headers: { 'x-large': 'x'.repeat(40_000) } }, (response) =>
      resolve(response.statusCode ?? 0),
    );
    request.on('error', reject).end();
  });
  assert.equal(large, 431);
  const garbage = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('NOT HTTP\r\n\r\n'));
    socket.on('data', (data) => resolve(String(data)));
    socket.on('error', reject);
  });
  assert.match(garbage, /^HTTP\/1.1 400 /);
  assert.equal((await fetch(`${url}/livez`)).status, 200);
});

for (const [what, options, expected] of [
  [
    'a loopback address answers to its names',
    { host: '127.0.0.1' },
    ['127.0.0.1:7717', 'localhost:7717', '[::1]:7717'],
  ],
  ['one address answers to itself', { host: '10.0.0.5' }, ['10.0.0.5:7717']],
  [
    'every interface answers to each of its addresses and the machine’s name',
    { host: '0.0.0.0' },
    ['127.0.0.1:7717', 'localhost:7717', '[::1]:7717', 'box:7717', '10.0.0.5:7717', '[fe80::1]:7717'],
  ],
  [
    'the public address and further names are added',
    { host: '10.0.0.5', publicUrl: 'https://Vault.example.com/', allowedHosts: ['Other:1'] },
    ['10.0.0.5:7717', 'vault.example.com', 'other:1'],
  ],
] as const) {
  test(what, () => {
    const interfaces = { eth0: [{ address: '10.0.0.5' }, { address: 'fe80::1' }] } as never;
    const base = {
      port: 7717,
      publicUrl: null,
      allowedHosts: [],
      allowedOrigins: ['https://i.example.com'],
      hostname: 'Box',
      interfaces,
    };
    const addresses = addressesOf({ ...base, ...options });
    assert.deepEqual([...addresses.hosts], expected);
    assert.ok(!addresses.ownOrigins.has('https://i.example.com'));
    assert.ok(addresses.mcpOrigins.has('https://i.example.com'));
    assert.ok(addresses.ownOrigins.has(addresses.url));
  });
}
