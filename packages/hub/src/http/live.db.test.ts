import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { LiveEvent } from '@mcpvault/contract/live';
import { converse } from '@mcpvault/contract/mcp-client';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { type ClientOptions, WebSocket } from 'ws';
import { exampleServers } from '../example.ts';
import { runTestHub, type TestServer } from '../testing/running-hub.ts';
import { createLiveFeed } from './live.ts';

let server: TestServer;
let admin: string;
let member: { readonly id: string; readonly accessToken: string };
before(async () => {
  server = await runTestHub();
  admin = await server.signIn();
  const password = 'correct horse battery';
  const made = await server.call('POST', '/api/v1/members', { email: 'm@example.com', name: 'M', password }, admin);
  const { body } = await server.call('POST', '/api/v1/auth/login', { email: 'm@example.com', password });
  member = { id: String(made.body['id']), accessToken: String(body['accessToken']) };
});
after(() => server.hub.stop());

class Feed {
  readonly events: LiveEvent[] = [];
  readonly socket: WebSocket;
  closed: number | null = null;

  constructor(url: string, options?: ClientOptions) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data) => this.events.push(JSON.parse(String(data)) as LiveEvent));
    this.socket.on('close', (code) => {
      this.closed = code;
    });
    this.socket.on('error', () => {});
  }

  /** The first event of that type; waits for it. */
  async first<Type extends LiveEvent['type']>(
    type: Type,
    fits: (event: Extract<LiveEvent, { type: Type }>) => boolean = () => true,
  ) {
    for (;;) {
      const found = this.events.find(
        (event) => event.type === type && fits(event as Extract<LiveEvent, { type: Type }>),
      );
      if (found) return found as Extract<LiveEvent, { type: Type }>;
      await once(this.socket, 'message', { signal: AbortSignal.timeout(10_000) });
    }
  }

  async code(): Promise<number | null> {
    if (this.closed === null) await once(this.socket, 'close', { signal: AbortSignal.timeout(10_000) });
    return this.closed;
  }
}

function liveUrl(): string {
  return `${server.url.replace('http', 'ws')}/api/v1/live`;
}

async function listen(accessToken: string): Promise<Feed> {
  const feed = new Feed(liveUrl());
  await once(feed.socket, 'open');
  feed.socket.send(JSON.stringify({ type: 'hello', accessToken }));
  await feed.first('welcome');
  return feed;
}

test('whoever does not say hello properly, or not as somebody signed in, is turned away', async () => {
  const personal = (await server.call('POST', '/api/v1/tokens', { name: 'x' }, admin)).body['token'];
  for (const [frame, code] of [
    ['hello', 4400],
    ['{"type":"hello"}', 4400],
    [JSON.stringify({ type: 'hello', accessToken: 'mcpa_unknown' }), 4401],
    [JSON.stringify({ type: 'hello', accessToken: personal }), 4401],
  ] as const) {
    const feed = new Feed(liveUrl());
    await once(feed.socket, 'open');
    feed.socket.send(frame);
    assert.equal(await feed.code(), code, frame);
    assert.deepEqual(feed.events, []);
  }
});

test('pages of other origins, other names and other paths get no connection', async () => {
  const statusOf = async (url: string, options: ClientOptions) => {
    const { socket } = new Feed(url, options);
    const [, response] = await once(socket, 'unexpected-response');
    socket.terminate();
    return (response as { statusCode: number }).statusCode;
  };
  assert.equal(await statusOf(liveUrl(), { origin: 'https://evil.example.com' }), 403);
  assert.equal(await statusOf(liveUrl(), { headers: { host: 'evil.example.com' } }), 403);
  assert.equal(await statusOf(liveUrl().replace('live', 'life'), {}), 404);
});

test('a recorded call is told to admins and to the member who made it, once, and to no other member', async () => {
  const everything = (await exampleServers({ dataDir: server.data, node: process.execPath }))[0];
  await server.call('POST', '/api/v1/mcp/servers', { ...everything, isolation: 'per-session' }, admin);
  await server.call(
    'POST',
    '/api/v1/grants',
    { subject: { type: 'member', id: member.id }, server: 'everything' },
    admin,
  );
  const [adminFeed, memberFeed] = [await listen(admin), await listen(member.accessToken)];
  const call = async (accessToken: string, text: string) => {
    const settings = { endpoint: `${server.url}/mcp/everything`, credential: () => accessToken };
    const conversation = await converse({ ...settings, client: { name: 'live-test', version: '1' } });
    await conversation.callTool('echo', { message: text });
    await conversation.close();
  };
  const toolCall = (event: { items: readonly { method: string }[] }) =>
    event.items.some((item) => item.method === 'tools/call');
  await call(admin, 'by the admin');
  await adminFeed.first('messages', toolCall);
  await call(member.accessToken, 'by the member');
  await memberFeed.first('messages', toolCall);
  const heardBy = (feed: Feed) =>
    feed.events
      .flatMap((event) => (event.type === 'messages' ? event.items : []))
      .filter((item) => item.method === 'tools/call');
  assert.deepEqual(
    heardBy(memberFeed).map(({ member: { email }, target }) => [email, target]),
    [['m@example.com', 'echo']],
  );
  while (heardBy(adminFeed).length < 2)
    await once(adminFeed.socket, 'message', { signal: AbortSignal.timeout(10_000) });
  assert.deepEqual(
    heardBy(adminFeed).map((item) => item.member.email),
    ['admin@example.com', 'm@example.com'],
  );
  const [line] = heardBy(memberFeed);
  const listed = await server.call('GET', `/api/v1/messages?tool=echo`, undefined, member.accessToken);
  const stored = (listed.body['items'] as { id: string }[])[0];
  if (stored !== undefined) assert.deepEqual(line, stored);
  for (const feed of [adminFeed, memberFeed]) feed.socket.close();
});

test('changes are told by area; members hear only what concerns them', async () => {
  const [adminFeed, memberFeed] = [await listen(admin), await listen(member.accessToken)];
  const made = await server.call('POST', '/api/v1/members', { email: 'n@example.com', name: 'N' }, admin);
  const heard = await adminFeed.first('changed', ({ area }) => area === 'members');
  assert.equal(heard.id, made.body['id']);
  const created = await server.call(
    'POST',
    '/api/v1/mcp/servers',
    { name: 'new', transport: { type: 'stdio', command: 'true' } },
    admin,
  );
  await memberFeed.first('changed', ({ area, id }) => area === 'servers' && id === created.body['id']);
  const areas = memberFeed.events.flatMap((event) => (event.type === 'changed' ? [event.area] : []));
  assert.ok(
    areas.every((area) => area === 'servers'),
    areas.join(),
  );
  for (const feed of [adminFeed, memberFeed]) feed.socket.close();
});

test('the feed ends with its sign-in, and goes on with the next access token', async () => {
  const first = await server.call('POST', '/api/v1/auth/login', {
    email: 'm@example.com',
    password: 'correct horse battery',
  });
  const feed = await listen(String(first.body['accessToken']));
  const next = await server.call('POST', '/api/v1/auth/refresh', { refreshToken: first.body['refreshToken'] });
  feed.socket.send(JSON.stringify({ type: 'hello', accessToken: next.body['accessToken'] }));
  await server.call('POST', '/api/v1/auth/logout', {}, String(next.body['accessToken']));
  assert.equal(await feed.code(), 4401);
});

test('the feed of a disabled member ends', async () => {
  const password = 'correct horse battery';
  const made = await server.call('POST', '/api/v1/members', { email: 'd@example.com', name: 'D', password }, admin);
  const { body } = await server.call('POST', '/api/v1/auth/login', { email: 'd@example.com', password });
  const feed = await listen(String(body['accessToken']));
  await server.call('PATCH', `/api/v1/members/${made.body['id']}`, { disabled: true }, admin);
  assert.equal(await feed.code(), 4401);
});

test('what is too much at once is counted, not kept', async () => {
  const { permissions } = builtInRoles.admin;
  const who = { organization: 'org_1', member: 'mem_1', email: '', role: 'admin', teams: [], token: null } as const;
  const caller = { ...who, permissions };
  const live = createLiveFeed({
    identities: {
      identity: () => ({ caller, signIn: 'sin_1', expiresAt: null, mustEnrol: false, owner: null }),
    },
    catalog: { member: () => ({ email: 'a@b.c', name: 'A' }) },
    clock: { now: () => 0, micros: () => 0 },
  });
  const http = createServer();
  http.on('upgrade', (request, socket, head) => live.accept(request, socket, head));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  try {
    const feed = new Feed(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/`);
    await once(feed.socket, 'open');
    feed.socket.send(JSON.stringify({ type: 'hello', accessToken: 'x' }));
    await feed.first('welcome');
    live.recorded(Array.from({ length: 300 }, (_, index) => recordOf(index)));
    const { count } = await feed.first('skipped');
    const { items } = await feed.first('messages');
    assert.equal(count + items.length, 300);
    assert.ok(count > 0);
    live.close();
    assert.equal(await feed.code(), 1001);
  } finally {
    http.close();
  }
});

function recordOf(index: number): MessageRecord {
  return {
    id: `msg_${index}`,
    organization: 'org_1',
    at: index,
    member: 'mem_1',
    token: null,
    conversation: null,
    client: null,
    endpoint: null,
    server: null,
    serverName: null,
    direction: 'call',
    method: 'ping',
    target: null,
    protocol: null,
    outcome: 'answered',
    code: null,
    reason: null,
    durationUs: 1,
    upstreamUs: null,
    request: null,
    response: null,
    requestEdits: [],
    responseEdits: [],
    requestFindings: [],
    responseFindings: [],
    role: 'member',
    actedBy: null,
    parameters: null,
    trace: null,
    judged: null,
    secrets: null,
  };
}
