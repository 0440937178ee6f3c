// People and machines against the real hub: what ends with a member, keys, nested teams, and acting as somebody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../actors/eventually.ts';
import { connectV1 } from '../actors/sdk-clients.ts';
import { ApiError, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { recorded } from './recorded.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));
const password = 'a password that is long enough';

interface Named {
  readonly id: string;
}

interface Person extends Named {
  readonly email: string;
  readonly access: string;
  readonly token: string;
}

let hub: Hub;
let count = 0;

before(async () => {
  hub = await startHub();
  await addServer('tools', 'exact');
  await addServer('slow', 'hang-on-call');
});
after(() => hub[Symbol.asyncDispose]());

async function addServer(name: string, mode: string): Promise<void> {
  const transport = { type: 'stdio', command: process.execPath, args: [rude, mode] };
  await hub.api('POST', '/api/v1/mcp/servers', { name, transport });
  await eventually(async () => {
    const { status } = await hub.api<{ status: string }>('GET', `/api/v1/mcp/servers/${name}`);
    return status === 'ready';
  }, `the first contact with ${name}`);
}

async function newMember(more: object = {}): Promise<Person> {
  const email = `person-${(count += 1)}@example.com`;
  const { id } = await hub.api<Named>('POST', '/api/v1/members', { email, name: email, password, ...more });
  const { accessToken } = await hub.signIn(email, password);
  const { token } = await hub.createToken(accessToken);
  return { id, email, access: accessToken, token };
}

function grant(subject: object, server: string, tools?: readonly string[]): Promise<Named> {
  return hub.api<Named>('POST', '/api/v1/grants', { subject, server, ...(tools && { tools }) });
}

async function echoes(token: string): Promise<boolean> {
  try {
    const connection = await connectV1(hub.mcp('tools'), { token });
    await connection.client.callTool({ name: 'echo', arguments: { text: 'hello' } });
    await connection.close();
    return true;
  } catch {
    return false;
  }
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

test('disabling a member ends what they have under way, and their processes, within moments', async () => {
  verifies('MV-REQ-018');
  const member = await newMember();
  await grant({ type: 'member', id: member.id }, 'slow');
  const connection = await connectV1(hub.mcp('slow'), { token: member.token });
  const calling = connection.client.callTool({ name: 'echo', arguments: { text: 'never answered' } });
  const refused = assert.rejects(calling, /no access any more|401|closed|terminated/i);
  const underway = async (): Promise<number> => {
    const { running = [] } = await hub.api<{ running?: { calls: number }[] }>('GET', '/api/v1/mcp/servers/slow');
    return running.reduce((sum, { calls }) => sum + calls, 0);
  };
  await eventually(async () => (await underway()) > 0, 'the call');
  await hub.api('PATCH', `/api/v1/members/${member.id}`, { disabled: true });
  await refused;
  await eventually(async () => (await underway()) === 0, 'the end of the call');
  assert.equal(await statusOf(hub.api('GET', '/api/v1/me', undefined, member.access)), 401);
  await connection.close().catch(() => undefined);
  const message = await recorded(hub, `?member=${member.id}`, ({ method }) => method === 'tools/call');
  assert.equal(message.code, 'unauthenticated');
});

test('what is granted to a team is used by the members of the teams in it', async () => {
  verifies('MV-README-059', 'MV-README-034');
  const member = await newMember();
  const top = await hub.api<Named>('POST', '/api/v1/teams', { name: 'Company' });
  const below = await hub.api<Named>('POST', '/api/v1/teams', { name: 'Crew', parent: top.id, members: [member.id] });
  assert.equal(await echoes(member.token), false);
  await grant({ type: 'team', id: top.id }, 'tools');
  assert.equal(await echoes(member.token), true);
  assert.equal(
    await statusOf(hub.api('PUT', `/api/v1/teams/${top.id}`, { name: 'Company', members: [], parent: below.id })),
    409,
  );
  await hub.api('PUT', `/api/v1/teams/${below.id}`, { name: 'Crew', members: [member.id], parent: null });
  assert.equal(await echoes(member.token), false);
});

test('a key of a service account reaches what it was made for, is rotated with overlap, and revoked at once', async () => {
  verifies('CP-004', 'CP-044', 'CP-045');
  const owner = await newMember();
  const account = await hub.api<Named>('POST', '/api/v1/service-accounts', {
    name: 'Robot',
    owner: { type: 'member', id: owner.id },
  });
  await grant({ type: 'member', id: account.id }, 'tools');
  await grant({ type: 'member', id: account.id }, 'slow');
  const made = await hub.api<Named & { token: string; prefix: string }>(
    'POST',
    `/api/v1/service-accounts/${account.id}/keys`,
    {
      name: 'ci',
      scope: { servers: [{ server: 'tools', tools: ['echo'] }], operations: ['servers.list', 'tokens.rotate'] },
    },
    owner.access,
  );
  assert.ok(made.token.startsWith(made.prefix));
  const connection = await connectV1(hub.mcp(), { token: made.token });
  const { tools } = await connection.client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    ['tools__echo'],
  );
  await connection.client.callTool({ name: 'tools__echo', arguments: { text: 'by a robot' } });
  await assert.rejects(connection.client.callTool({ name: 'tools__heard', arguments: {} }));
  await connection.close();
  const { items } = await hub.api<{ items: { name: string }[] }>('GET', '/api/v1/mcp/servers', undefined, made.token);
  assert.deepEqual(
    items.map(({ name }) => name),
    ['tools'],
  );
  assert.equal(await statusOf(hub.api('GET', '/api/v1/overview', undefined, made.token)), 403);
  const next = await hub.api<Named & { token: string }>('POST', `/api/v1/tokens/${made.id}/rotate`, {}, made.token);
  assert.deepEqual([await echoes(made.token), await echoes(next.token)], [true, true]);
  const listed = await hub.api<{ items: { id: string; lastUsedAt: string | null }[] }>(
    'GET',
    `/api/v1/tokens?member=${account.id}`,
    undefined,
    owner.access,
  );
  assert.equal(listed.items.length, 2);
  assert.ok(!JSON.stringify(listed).includes(made.token));
  await hub.api('DELETE', `/api/v1/tokens/${made.id}`, undefined, owner.access);
  assert.deepEqual([await echoes(made.token), await echoes(next.token)], [false, true]);
  await hub.api('PATCH', `/api/v1/members/${owner.id}`, { disabled: true });
  assert.equal(await echoes(next.token), false);
});

test('a supervisor acts as whom they supervise, recorded as both, with what both may, until it ends', async () => {
  verifies('MV-README-061', 'MV-REQ-019', 'MV-REQ-020');
  const boss = await newMember();
  const ada = await newMember({ supervisor: boss.id });
  const other = await newMember();
  await grant({ type: 'member', id: ada.id }, 'tools');
  const start = (subject: Person, by: Person) =>
    hub.api<Named & { accessToken: string }>(
      'POST',
      '/api/v1/impersonations',
      { subject: subject.id, reason: 'they are ill today', minutes: 5 },
      by.access,
    );
  assert.equal(await statusOf(start(other, boss)), 403);
  assert.equal(await statusOf(start(boss, ada)), 403);
  const { id, accessToken } = await start(ada, boss);
  assert.equal(await echoes(accessToken), false, 'who acts may not use it themselves');
  await grant({ type: 'member', id: boss.id }, 'tools');
  assert.equal(await echoes(accessToken), true);

  const own = await connectV1(hub.mcp('tools'), { token: ada.token });
  await own.client.callTool({ name: 'echo', arguments: { text: 'mine' } });
  const session = own.sessionId();
  assert.ok(session);
  const joined = await fetch(hub.mcp('tools'), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${accessToken}`,
      'mcp-session-id': session,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/list' }),
  });
  assert.equal(joined.status, 404, 'sessions of the member are not shared');
  await own.close();

  type Acted = { actor: Named | null; member: Named; method: string };
  await eventually(async () => {
    const { items } = await hub.api<{ items: Acted[] }>('GET', `/api/v1/messages?member=${ada.id}`);
    return items.some((one) => one.method === 'tools/call' && one.actor?.id === boss.id && one.member.id === ada.id);
  }, 'the message under both names');
  for (const [method, path, body] of [
    ['POST', '/api/v1/tokens', { name: 'stolen' }],
    ['POST', '/api/v1/me/password', { current: password, password: `${password}!` }],
    ['POST', '/api/v1/impersonations', { subject: ada.id, reason: 'nested again' }],
  ] as const) {
    assert.equal(await statusOf(hub.api(method, path, body, accessToken)), 403, path);
  }
  const seen = await hub.api<{ impersonations: Named[] }>('GET', '/api/v1/me', undefined, ada.access);
  assert.deepEqual(
    seen.impersonations.map((one) => one.id),
    [id],
  );
  const began = await hub.api<{ items: { actor: Named; subject: string; detail: Record<string, unknown> }[] }>(
    'GET',
    '/api/v1/audit?action=impersonations.start',
  );
  assert.ok(began.items.some((one) => one.actor.id === boss.id && one.subject === ada.id));
  await hub.api('DELETE', `/api/v1/impersonations/${id}`, undefined, ada.access);
  assert.equal(await statusOf(hub.api('GET', '/api/v1/me', undefined, accessToken)), 401);
});
