import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { eventually } from '../actors/eventually.ts';
import { connectV1 } from '../actors/sdk-clients.ts';
import { ApiError, type Hub, type SignedIn, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { recorded } from './recorded.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));
const password = 'a password that is long enough';

let hub: Hub;
const members: Record<'anna' | 'ben' | 'cleo', { id: string; session: SignedIn; token: string }> = {} as never;

before(async () => {
  hub = await startHub();
  for (const name of ['anna', 'ben', 'cleo'] as const) {
    const email = `${name}@example.com`;
    const { id } = await hub.api<{ id: string }>('POST', '/api/v1/members', { email, name, password });
    const session = await hub.signIn(email, password);
    const { token } = await hub.createToken(session.accessToken);
    members[name] = { id, session, token };
  }
  await addServer('tools');
});
after(() => hub[Symbol.asyncDispose]());

async function addServer(name: string, mode = 'echo'): Promise<{ id: string }> {
  const transport = {
    type: 'stdio',
    command: process.execPath,
    args: [rude, mode],
    env: { UPSTREAM_SECRET: 'only-the-hub-knows' },
  };
  const server = await hub.api<{ id: string }>('POST', '/api/v1/mcp/servers', { name, transport });
  await eventually(async () => {
    const { status } = await hub.api<{ status: string }>('GET', `/api/v1/mcp/servers/${name}`);
    return status !== 'connecting';
  }, `the first contact with ${name}`);
  return server;
}

async function statusOf(work: Promise<unknown>): Promise<number> {
  try {
    await work;
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

async function post(
  path: string,
  token: string | null,
  body: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(path, hub.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } },
};

test('a server granted to two members is used by them and refused to the third, on connect and on a call', async () => {
  verifies('TV-HUB-11', 'TV-HUB-09', 'MV-README-091', 'MV-README-001', 'MV-REQ-015', 'CP-008', 'CP-041', 'TV-HUB-12');
  for (const name of ['anna', 'ben'] as const) {
    await hub.api('POST', '/api/v1/grants', { subject: { type: 'member', id: members[name].id }, server: 'tools' });
    const connection = await connectV1(hub.mcp('tools'), { token: members[name].token });
    const result = await connection.client.callTool({ name: 'echo', arguments: { text: name } });
    assert.match(JSON.stringify(result.content), new RegExp(name));
    await connection.close();
  }
  assert.equal((await post('/mcp/tools', members.cleo.token, initialize)).status, 403);
  const missing = await post('/mcp/no-such-server', members.cleo.token, initialize);
  assert.equal(missing.status, 403, 'what one may not use and what does not exist read the same');
  const seen = async (who: 'anna' | 'cleo'): Promise<unknown[]> =>
    (await hub.api<{ items: unknown[] }>('GET', '/api/v1/mcp/servers', undefined, members[who].session.accessToken))
      .items;
  assert.equal((await seen('anna')).length, 1);
  assert.equal((await seen('cleo')).length, 0);
  const [server] = (await seen('anna')) as [Record<string, unknown>];
  assert.equal(server['transport'], undefined, 'members do not see how a server is run');
  assert.ok(!JSON.stringify(server).includes('only-the-hub-knows'));
});

test('a grant taken back ends at the next call of an open session', async () => {
  verifies('MV-README-003');
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/grants', {
    subject: { type: 'member', id: members.cleo.id },
    server: 'tools',
  });
  const connection = await connectV1(hub.mcp('tools'), { token: members.cleo.token });
  await connection.client.callTool({ name: 'echo', arguments: { text: 'one' } });
  await hub.api('DELETE', `/api/v1/grants/${id}`);
  await assert.rejects(connection.client.callTool({ name: 'echo', arguments: { text: 'two' } }), /403|may use/);
  await connection.close().catch(() => {});
});

test('a grant of some tools lists and allows those only', async () => {
  verifies('MV-REQ-016', 'CP-042');
  const team = await hub.api<{ id: string }>('POST', '/api/v1/teams', { name: 'readers', members: [members.cleo.id] });
  await addServer('exact', 'exact');
  await hub.api('POST', '/api/v1/grants', { subject: { type: 'team', id: team.id }, server: 'exact', tools: ['echo'] });
  const connection = await connectV1(hub.mcp('exact'), { token: members.cleo.token });
  const { tools } = await connection.client.listTools();
  assert.deepEqual(
    tools.map((tool) => tool.name),
    ['echo'],
  );
  await assert.rejects(connection.client.callTool({ name: 'heard', arguments: {} }), /Unknown tool/);
  await connection.close();
});

test('nothing answers without a token, nor with one that is unknown, expired, revoked or from a disabled member', async () => {
  verifies('MV-REQ-018', 'CP-080', 'TV-HUB-02', 'MV-README-078');
  for (const path of ['/mcp', '/mcp/tools']) {
    const answer = await post(path, null, initialize);
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
    assert.equal((await post(path, 'mcpv_0123456789abcdef0123456789abcdef', initialize)).status, 401);
  }
  const { accessToken } = members.ben.session;
  assert.deepEqual(await statusesAroundExpiry(accessToken), [200, 401]);

  const revoked = await hub.createToken(accessToken);
  assert.equal((await post('/mcp/tools', revoked.token, initialize)).status, 200);
  await hub.api('DELETE', `/api/v1/tokens/${revoked.id}`, undefined, accessToken);
  assert.equal((await post('/mcp/tools', revoked.token, initialize)).status, 401);

  assert.equal((await post('/mcp/tools', members.ben.token, initialize)).status, 200);
  await hub.api('PATCH', `/api/v1/members/${members.ben.id}`, { disabled: true });
  assert.equal((await post('/mcp/tools', members.ben.token, initialize)).status, 401);
  assert.equal(await statusOf(hub.api('GET', '/api/v1/me', undefined, accessToken)), 401);
  await hub.api('PATCH', `/api/v1/members/${members.ben.id}`, { disabled: false });
});

/** Of a token before and after it expires. A machine that is too busy to use it before gets one that lives longer. */
async function statusesAroundExpiry(accessToken: string): Promise<readonly number[]> {
  for (let lifeMs = 1500; ; lifeMs *= 2) {
    const expiresAt = Date.now() + lifeMs;
    const body = { name: 'short', expiresAt: new Date(expiresAt).toISOString() };
    const { token } = await hub.api<{ token: string }>('POST', '/api/v1/tokens', body, accessToken);
    const { status } = await post('/mcp/tools', token, initialize);
    if (Date.now() >= expiresAt && lifeMs < 60_000) continue;
    await setTimeout(expiresAt - Date.now() + 1);
    return [status, (await post('/mcp/tools', token, initialize)).status];
  }
}

test('a session id of another member is as good as none', async () => {
  const answer = await post('/mcp/tools', members.anna.token, initialize);
  const session = answer.headers.get('mcp-session-id') ?? '';
  assert.ok(session.length >= 20);
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/grants', {
    subject: { type: 'member', id: members.cleo.id },
    server: 'tools',
  });
  assert.equal((await post('/mcp/tools', members.anna.token, list, { 'mcp-session-id': session })).status, 200);
  assert.equal((await post('/mcp/tools', members.cleo.token, list, { 'mcp-session-id': session })).status, 404);
  await hub.api('DELETE', `/api/v1/grants/${id}`);
});

test('every admin operation is refused to members, and to nobody', async () => {
  verifies('TV-HUB-01', 'MV-README-025', 'MV-REQ-089', 'MV-REQ-093');
  const document = await hub.api<{ openapi: string; paths: Record<string, Record<string, Operation>> }>(
    'GET',
    '/api/v1/openapi.json',
    undefined,
    null,
  );
  assert.match(document.openapi, /^3\.1/);
  let walked = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const permission = operation['x-permission'];
      if (
        permission === undefined ||
        ['anyone', 'self', 'servers:read', 'messages:read', 'policies:read'].includes(permission)
      )
        continue;
      const concrete = `/api/v1${path.replace(/^\/api\/v1/, '')}`.replace(
        /\{[^}]+\}/g,
        'mem_0000000000000000000000000',
      );
      const body = method === 'get' || method === 'delete' ? undefined : {};
      walked++;
      assert.equal(
        await statusOf(hub.api(method.toUpperCase(), concrete, body, null)),
        401,
        `${method} ${path} without a token`,
      );
      const member = await statusOf(hub.api(method.toUpperCase(), concrete, body, members.anna.session.accessToken));
      assert.equal(member, 403, `${method} ${path} as a member`);
      const admin = await statusOf(hub.api(method.toUpperCase(), concrete, body));
      assert.ok(admin !== 401 && admin !== 403, `${method} ${path} as an admin answered ${admin}`);
    }
  }
  assert.ok(walked >= 15, `${walked} admin operations were walked`);
});

interface Operation {
  readonly 'x-permission'?: string;
}

test('members are created, listed, edited, disabled and removed', async () => {
  verifies('TV-HUB-06');
  const dora = await hub.api<{ id: string; status: string; invitation: { url: string } | null }>(
    'POST',
    '/api/v1/members',
    {
      email: 'dora@example.com',
      name: 'Dora',
    },
  );
  assert.equal(dora.status, 'invited');
  assert.match(dora.invitation?.url ?? '', /#/, 'the link’s secret is in the fragment, which no server sees');
  assert.equal(await statusOf(hub.api('POST', '/api/v1/members', { email: 'DORA@example.com', name: 'Twin' })), 409);
  const list = await hub.api<{ items: { id: string }[] }>('GET', '/api/v1/members?limit=200');
  assert.ok(list.items.some((member) => member.id === dora.id));
  const renamed = await hub.api<{ name: string }>('PATCH', `/api/v1/members/${dora.id}`, { name: 'Dora D.' });
  assert.equal(renamed.name, 'Dora D.');
  const disabled = await hub.api<{ status: string }>('PATCH', `/api/v1/members/${dora.id}`, { disabled: true });
  assert.equal(disabled.status, 'disabled');
  await hub.api('DELETE', `/api/v1/members/${dora.id}`);
  assert.equal(await statusOf(hub.api('GET', `/api/v1/members/${dora.id}`)), 404);
});

test('signing in, refreshing and signing out', async () => {
  verifies('MV-README-088', 'MV-README-089', 'MV-README-090', 'MV-REQ-100');
  assert.equal(await statusOf(hub.signIn('anna@example.com', 'not the password')), 401);
  assert.equal(await statusOf(hub.signIn('nobody@example.com', 'not the password')), 401);
  const first = await hub.signIn('anna@example.com', password);
  const refresh = (refreshToken: string): Promise<SignedIn> =>
    hub.api('POST', '/api/v1/auth/refresh', { refreshToken }, null);
  const second = await refresh(first.refreshToken);
  assert.notEqual(second.refreshToken, first.refreshToken);
  assert.equal(await statusOf(hub.api('GET', '/api/v1/me', undefined, second.accessToken)), 200);
  // A page that closes in the moment of a refresh has only the one before: it works once more, for a few seconds.
  const again = await refresh(first.refreshToken);
  assert.equal(await statusOf(refresh(first.refreshToken)), 401, 'not twice more');
  for (const { refreshToken } of [second, again]) {
    assert.equal(await statusOf(refresh(refreshToken)), 401, 'using one too often ends the whole sign-in');
  }
  assert.equal(await statusOf(hub.api('GET', '/api/v1/me', undefined, second.accessToken)), 401);
  const third = await hub.signIn('anna@example.com', password);
  await hub.api('POST', '/api/v1/auth/logout', {}, third.accessToken);
  assert.equal(await statusOf(hub.api('GET', '/api/v1/me', undefined, third.accessToken)), 401);
  assert.equal(await statusOf(refresh(third.refreshToken)), 401);
});

test('a server is added, found, changed into a new version, and retired with its history kept', async () => {
  verifies('MV-README-092', 'MV-README-093', 'MV-README-094', 'MV-REQ-002');
  const { id } = await addServer('passing');
  const { token } = await hub.createToken();
  const connection = await connectV1(hub.mcp('passing'), { token });
  await connection.client.callTool({ name: 'echo', arguments: { text: 'remember me' } });
  await connection.close();
  await recorded(hub, '?server=passing&tool=echo', (message) => message.outcome === 'answered');
  const found = await hub.api<{ items: { id: string }[] }>('GET', '/api/v1/mcp/servers?q=passi');
  assert.deepEqual(
    found.items.map((server) => server.id),
    [id],
  );
  const changed = await hub.api<{ version: number }>('PUT', `/api/v1/mcp/servers/${id}`, {
    transport: { type: 'stdio', command: process.execPath, args: [rude, 'exact'], env: { UPSTREAM_SECRET: null } },
  });
  assert.equal(changed.version, 2);
  await hub.api('DELETE', `/api/v1/mcp/servers/${id}`);
  assert.equal(await statusOf(hub.api('GET', `/api/v1/mcp/servers/${id}`)), 404);
  assert.equal((await post('/mcp/passing', token, initialize)).status, 403);
  const message = await recorded(
    hub,
    '?tool=echo&limit=200',
    (each) => each.request?.original?.includes('remember me') ?? false,
  );
  assert.equal(message.outcome, 'answered', 'the record of a retired server stays');
});

test('each change leaves exactly one audit entry, and reads leave none', async () => {
  verifies('MV-README-007');
  const count = async (action: string): Promise<number> => {
    const { items } = await hub.api<{ items: { outcome: string }[] }>(
      'GET',
      `/api/v1/audit?action=${action}&limit=200`,
    );
    return items.filter((entry) => entry.outcome === 'done').length;
  };
  const before = { create: await count('policies.create'), list: await count('policies.list') };
  const policy = {
    name: 'cards',
    reason: 'cards stay here',
    detectors: ['cards'],
    action: { type: 'redact', style: 'mask' },
  };
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/policies', policy);
  await hub.api('GET', '/api/v1/policies');
  assert.equal(
    await statusOf(hub.api('POST', '/api/v1/policies', { ...policy, detectors: ['no-such-detector'] })),
    400,
  );
  assert.equal(await count('policies.create'), before.create + 1);
  assert.equal(await count('policies.list'), before.list);
  assert.equal(await count('policies.remove'), 0);
  await hub.api('DELETE', `/api/v1/policies/${id}`);
  assert.equal(await count('policies.remove'), 1);
});
