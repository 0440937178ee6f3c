// Held calls with real clients of both lines: they wait as well as each of them can, people decide through the API and the
// command line, and nothing reaches the server that was not approved.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type BareClient, createBareClient } from '../actors/bare-client.ts';
import { commandLine } from '../actors/command-line.ts';
import { startDebianPostgres } from '../actors/debian-postgres.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import { type ScriptedHttp, sendResult, startScriptedHttp } from '../actors/scripted-http.ts';
import { type Connection, connectV1, connectV2, type Elicited } from '../actors/sdk-clients.ts';
import { admin, ApiError, type Hub, startHub } from '../actors/start-hub.ts';
import { type MessageDetail, recorded } from './recorded.ts';

interface Asked {
  readonly id: string;
  readonly state: string;
  readonly member: { readonly email: string };
  readonly target: string;
  readonly note: string | null;
  readonly arguments: string;
  readonly whyNot: string | null;
  readonly policies: readonly { readonly name: string; readonly reason: string }[];
  readonly votes: readonly { readonly says: string; readonly member: { readonly email: string } }[];
  readonly similar: readonly { readonly state: string; readonly isSame: boolean }[];
}

const password = 'a password that is long enough';
const tools = [
  { name: 'read', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
  { name: 'drop', inputSchema: { type: 'object' }, annotations: { destructiveHint: true } },
];

let server: ScriptedHttp;
let hub: Hub;
let policy: string;
/** Who asks: a member with a grant. */
let ada: Person;
/** Who supervises her. */
let boss: Person;

interface Person {
  readonly id: string;
  readonly email: string;
  readonly session: string;
  readonly token: string;
}

async function person(of: Hub, name: string, more: object = {}): Promise<Person> {
  const email = `${name}@example.com`;
  const { id } = await of.api<{ id: string }>('POST', '/api/v1/members', { email, name, password, ...more });
  const { accessToken } = await of.signIn(email, password);
  return { id, email, session: accessToken, token: (await of.createToken(accessToken)).token };
}

/** The policy that comes along, as it comes. */
const library = {
  name: 'Destructive tools need approval',
  reason: 'What destroys something is confirmed by a person first.',
  severity: 'high',
  mode: 'enforce',
  directions: ['call'],
  condition: 'method == "tools/call" && tool.known && tool.destructive',
};
const hold = { type: 'hold', message: 'This tool may destroy something.' };

async function holdWith(of: Hub, terms: object = {}): Promise<void> {
  const draft = { ...library, actions: [{ ...hold, ...terms }] };
  if (policy === '') policy = (await of.api<{ id: string }>('POST', '/api/v1/policies/definitions', draft)).id;
  else await of.api('PUT', `/api/v1/policies/definitions/${policy}`, draft);
}

before(async () => {
  server = await startScriptedHttp();
  server.onList = (message, response) =>
    sendResult(response, message, { tools, resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
  hub = await startHub();
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'up', transport: { type: 'streamable-http', url: server.url } });
  await hub.api('POST', '/api/v1/mcp/servers/up/check');
  policy = '';
  await holdWith(hub);
  ada = await person(hub, 'ada');
  boss = await person(hub, 'boss');
  await hub.api('PATCH', `/api/v1/members/${ada.id}`, { supervisor: boss.id });
  for (const { id } of [ada, boss])
    await hub.api('POST', '/api/v1/grants', { subject: { type: 'member', id }, server: 'up' });
});

after(async () => {
  await hub?.[Symbol.asyncDispose]();
  await server?.close();
});

beforeEach(() => {
  server.heard.length = 0;
  server.onCall = (message, response) =>
    sendResult(response, message, { content: [{ type: 'text', text: 'done' }], resultType: 'complete' });
});

let tables = 0;
/** Arguments that no other test has used. */
const fresh = () => ({ table: `t${++tables}` });
const reached = () =>
  server.heard
    .filter(({ method }) => method === 'tools/call')
    .map(({ body }) => (JSON.parse(body) as { params: { arguments: object } }).params.arguments);

const list = async (of: Hub, who: Person, query = '?state=pending') =>
  (await of.api<{ items: Asked[] }>('GET', `/api/v1/approvals${query}`, undefined, who.session)).items;
const show = (of: Hub, who: Person, id: string) =>
  of.api<Asked>('GET', `/api/v1/approvals/${id}`, undefined, who.session);
const approve = (of: Hub, who: Person | null, id: string, more: object = {}) =>
  of.api<Asked>('POST', `/api/v1/approvals/${id}/approve`, more, who?.session);
const refuse = (of: Hub, who: Person, id: string, more: object = {}) =>
  of.api<Asked>('POST', `/api/v1/approvals/${id}/refuse`, more, who.session);

/** The one request that waits for the boss with these arguments. */
async function waiting(of: Hub, args: { readonly table: string }): Promise<Asked> {
  let found: Asked | undefined;
  await eventually(async () => {
    for (const { id } of await list(of, boss)) {
      const asked = await show(of, boss, id);
      if (asked.arguments.includes(`"${args.table}"`)) found = asked;
    }
    return found !== undefined;
  }, 'the request for approval');
  return found ?? assert.fail();
}

async function bare(of: Hub, who: Person): Promise<BareClient> {
  const client = createBareClient(of.mcp('up'), who.token);
  await client.open();
  return client;
}

async function isStatus(status: number, asked: Promise<unknown>): Promise<void> {
  await assert.rejects(asked, (error) => error instanceof ApiError && error.status === status);
}

type Line = 'sdk 1.x' | 'sdk 2.x, legacy' | 'sdk 2.x, modern';

async function connect(
  line: Line,
  elicitation?: (asked: { message: string }) => Elicited | Promise<Elicited>,
): Promise<
  Connection<{
    callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<object>;
    listTools(): Promise<unknown>;
  }>
> {
  const options = { token: ada.token, ...(elicitation && { elicitation }) };
  if (line === 'sdk 1.x') return (await connectV1(hub.mcp('up'), options)) as never;
  const era = line === 'sdk 2.x, modern' ? 'modern' : 'legacy';
  return (await connectV2(hub.mcp('up'), { ...options, era })) as never;
}

for (const line of ['sdk 1.x', 'sdk 2.x, legacy', 'sdk 2.x, modern'] as const) {
  test(`${line}: a held call asks its person what it is for, waits, and is answered when somebody else said yes`, async () => {
    const args = fresh();
    const told: string[] = [];
    const { client, close } = await connect(line, ({ message }) => {
      told.push(message);
      return { action: 'accept', content: { note: 'The quarter is over.' } };
    });
    try {
      await client.listTools();
      const answered = client.callTool({ name: 'drop', arguments: args });
      const { id } = await waiting(hub, args);
      await eventually(async () => (await show(hub, boss, id)).note !== null, 'what the asker says');
      const asked = await show(hub, boss, id);
      assert.equal(asked.note, 'The quarter is over.');
      assert.deepEqual([asked.member.email, asked.target, asked.whyNot], [ada.email, 'drop', null]);
      assert.deepEqual(asked.policies[0]?.reason, 'This tool may destroy something.');
      assert.equal(told.length, 1, 'the person is asked once');
      assert.match(told[0] ?? '', new RegExp(`${hub.url}/approvals/${id}`));
      assert.deepEqual(reached(), [], 'nothing was sent before');
      await approve(hub, boss, id);
      assert.equal(textOf(await answered), 'done');
      assert.deepEqual(reached(), [args]);
      assert.equal((await show(hub, boss, id)).state, 'used');
    } finally {
      await close();
    }
  });

  test(`${line}: a no is heard with its reason, and nothing is sent`, async () => {
    const args = fresh();
    const { client, close } = await connect(line, () => ({ action: 'accept', content: {} }));
    try {
      await client.listTools();
      const answered = client.callTool({ name: 'drop', arguments: args });
      answered.catch(() => undefined);
      await refuse(hub, boss, (await waiting(hub, args)).id, { reason: 'Ask the database team.' });
      await assert.rejects(answered, /Ask the database team\./);
      assert.deepEqual(reached(), []);
    } finally {
      await close();
    }
  });

  test(`${line}: who declines takes the call back`, async () => {
    const args = fresh();
    const { client, close } = await connect(line, () => ({ action: 'decline' }));
    try {
      await client.listTools();
      await assert.rejects(client.callTool({ name: 'drop', arguments: args }), /taken back/);
      assert.deepEqual(reached(), []);
      const [last] = await list(hub, ada, '?limit=1');
      assert.equal(last?.state, 'withdrawn');
    } finally {
      await close();
    }
  });
}

test('a modern client that asks its person nothing waits all the same', async () => {
  const args = fresh();
  const { client, close } = await connect('sdk 2.x, modern');
  try {
    const answered = client.callTool({ name: 'drop', arguments: args });
    await approve(hub, boss, (await waiting(hub, args)).id);
    assert.equal(textOf(await answered), 'done');
    assert.deepEqual(reached(), [args]);
  } finally {
    await close();
  }
});

test('a client that cannot wait is refused, and the same call goes through once; another one, or a second time, does not', async () => {
  const args = fresh();
  const client = await bare(hub, ada);
  const call = (given: object) => client.call('tools/call', { name: 'drop', arguments: given });
  const held = await call(args);
  assert.equal(held.message?.error?.data?.['code'], 'approval_required');
  assert.equal(held.message?.error?.data?.['retryable'], true);
  const { id } = await waiting(hub, args);
  assert.equal(held.message?.error?.data?.['approval'], id);
  await approve(hub, boss, id);
  const changed = await call({ ...args, cascade: true });
  assert.equal(changed.message?.error?.data?.['code'], 'approval_required', 'changed arguments');
  assert.deepEqual(reached(), []);
  assert.equal(textOf((await call(args)).message?.result ?? {}), 'done');
  const replayed = await call(args);
  assert.equal(replayed.message?.error?.data?.['code'], 'approval_required', 'an approval is good once');
  assert.notEqual(replayed.message?.error?.data?.['approval'], id);
  assert.deepEqual(reached(), [args]);
  const other = await bare(hub, boss);
  assert.notEqual((await other.call('tools/call', { name: 'drop', arguments: args })).message?.error, undefined);
  assert.equal(
    textOf((await client.call('tools/call', { name: 'read', arguments: args })).message?.result ?? {}),
    'done',
  );
  client.close();
  other.close();
});

test('the record says that a call was held and who approved it, and the audit log has each step', async () => {
  const args = fresh();
  const client = await bare(hub, ada);
  await client.call('tools/call', { name: 'drop', arguments: args });
  const { id } = await waiting(hub, args);
  await approve(hub, boss, id, { reason: 'It is a copy.' });
  await client.call('tools/call', { name: 'drop', arguments: args });
  client.close();
  type Judged = MessageDetail & {
    judged: { call: { approval: { id: string; said: string; by: { email: string }[] } | null } | null } | null;
  };
  const of = async (outcome: string) =>
    (await recorded(
      hub,
      '?server=up&limit=20',
      (each) => each.outcome === outcome && (each.request?.original?.includes(args.table) ?? false),
    )) as Judged;
  assert.deepEqual((await of('refused')).judged?.call?.approval, { id, said: 'waiting', by: [] });
  const approval = (await of('answered')).judged?.call?.approval;
  assert.deepEqual([approval?.id, approval?.said, approval?.by[0]?.email], [id, 'approved', boss.email]);
  const { items } = await hub.api<{ items: { action: string; detail: object }[] }>(
    'GET',
    `/api/v1/audit?subject=${id}`,
  );
  assert.deepEqual(items.map(({ action }) => action).toReversed(), [
    'approvals.ask',
    'approvals.approve',
    'approvals.use',
  ]);
  assert.ok(!JSON.stringify(items).includes(args.table), 'and nothing of what was asked');
});

test('nobody approves their own call, whatever they may; strangers do not even see it', async () => {
  const args = fresh();
  const admins = createBareClient(hub.mcp('up'), (await hub.createToken()).token);
  await admins.open();
  const held = await admins.call('tools/call', { name: 'drop', arguments: args });
  const own = String(held.message?.error?.data?.['approval']);
  await isStatus(403, approve(hub, null, own));
  await isStatus(404, approve(hub, boss, own));
  await isStatus(404, approve(hub, ada, own));
  admins.close();
  const client = await bare(hub, ada);
  await client.call('tools/call', { name: 'drop', arguments: args });
  const { id } = await waiting(hub, args);
  await isStatus(403, approve(hub, ada, id));
  await isStatus(403, hub.api('POST', `/api/v1/approvals/${id}/approve`, {}, boss.token));
  assert.deepEqual(reached(), []);
  client.close();
});

test('where a policy wants four eyes, two different people it names have to agree', async () => {
  const args = fresh();
  await holdWith(hub, { approvers: 2, from: ['supervisor', 'role:admin'] });
  const client = await bare(hub, ada);
  try {
    const call = () => client.call('tools/call', { name: 'drop', arguments: args });
    await call();
    const { id } = await waiting(hub, args);
    assert.equal((await approve(hub, boss, id)).state, 'pending');
    assert.equal((await call()).message?.error?.data?.['code'], 'approval_required');
    assert.equal((await approve(hub, boss, id)).state, 'pending', 'one person counts once');
    assert.equal((await approve(hub, null, id)).state, 'approved');
    assert.equal(textOf((await call()).message?.result ?? {}), 'done');
  } finally {
    client.close();
    await holdWith(hub);
  }
});

test('an approval of before the policy was changed approves nothing any more', async () => {
  const args = fresh();
  const client = await bare(hub, ada);
  const call = () => client.call('tools/call', { name: 'drop', arguments: args });
  await call();
  await approve(hub, boss, (await waiting(hub, args)).id);
  await holdWith(hub);
  assert.equal((await call()).message?.error?.data?.['code'], 'approval_required');
  assert.deepEqual(reached(), []);
  client.close();
});

test('for the session: every call of the tool in this conversation, and in no other', async () => {
  const args = fresh();
  const client = await bare(hub, ada);
  const other = await bare(hub, ada);
  const call = async (of: BareClient, given: object) =>
    (await of.call('tools/call', { name: 'drop', arguments: given })).message;
  await call(client, args);
  await approve(hub, boss, (await waiting(hub, args)).id, { scope: 'session' });
  for (const given of [args, fresh(), fresh()]) assert.equal(textOf((await call(client, given))?.result ?? {}), 'done');
  assert.equal((await call(other, fresh()))?.error?.data?.['code'], 'approval_required');
  client.close();
  other.close();
});

test('a client that cancels, and one whose session ends, closes its request', async () => {
  for (const end of ['cancel', 'delete'] as const) {
    const args = fresh();
    const client = await bare(hub, ada);
    const params = { name: 'drop', arguments: args, _meta: { progressToken: 'p' } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 77, method: 'tools/call', params });
    const stream = await client.stream({ body });
    await stream.atLeast(1);
    const { id } = await waiting(hub, args);
    if (end === 'cancel') await client.notify('notifications/cancelled', { requestId: 77 });
    else await client.send({ method: 'DELETE' });
    await eventually(async () => (await show(hub, boss, id)).state === 'withdrawn', `${end} closes the request`);
    stream.cut();
    client.close();
  }
  assert.deepEqual(reached(), []);
});

test('the command line lists, shows, approves and refuses', async () => {
  const first = fresh();
  const second = fresh();
  const client = await bare(hub, ada);
  for (const args of [first, second]) await client.call('tools/call', { name: 'drop', arguments: args });
  const { id } = await waiting(hub, first);
  const other = await waiting(hub, second);
  await using cli = await commandLine(hub.url);
  const run = async (args: readonly string[]): Promise<string> => {
    const { code, out, err } = await cli.run(args);
    assert.equal(code, 0, err);
    return out;
  };
  await cli.run(['login', '--email', boss.email, '--password-stdin'], { input: password });
  const listed = await run(['approvals', 'list', '--mine-to-decide']);
  assert.match(listed, new RegExp(`${ada.email}.*up drop.*pending.*${id}`));
  assert.match(await run(['approvals', 'show', id]), new RegExp(`"table": "${first.table}"`));
  assert.match(await run(['approvals', 'approve', id, '--reason', 'fine']), /You approved up drop/);
  assert.match(await run(['approvals', 'refuse', other.id]), /You refused up drop/);
  const call = async (args: object) => (await client.call('tools/call', { name: 'drop', arguments: args })).message;
  assert.equal(textOf((await call(first))?.result ?? {}), 'done');
  assert.equal((await call(second))?.error?.data?.['code'], 'refused_by_policy');
  client.close();
});

test('through whichever endpoint it comes, it is the same call', async () => {
  const clients = await Promise.all(
    [undefined, '_search'].map(async (endpoint) => {
      const client = createBareClient(hub.mcp(endpoint), ada.token);
      await client.open();
      return client;
    }),
  );
  const [merged, searching] = clients;
  assert.ok(merged !== undefined && searching !== undefined);
  const single = await bare(hub, ada);
  const listed = (await merged.call('tools/list')).message?.result?.['tools'] as { name: string }[];
  const name = listed.find((tool) => tool.name.endsWith('drop'))?.name ?? '';
  const ways = [
    (args: object) => single.call('tools/call', { name: 'drop', arguments: args }),
    (args: object) => merged.call('tools/call', { name, arguments: args }),
    (args: object) => searching.call('tools/call', { name: 'call_tool', arguments: { name, arguments: args } }),
  ];
  for (const [at, ask] of ways.entries()) {
    const args = fresh();
    assert.equal((await ask(args)).message?.error?.data?.['code'], 'approval_required');
    const asked = await waiting(hub, args);
    assert.equal(asked.target, 'drop');
    await approve(hub, boss, asked.id);
    const goesOn = ways[(at + 1) % ways.length] ?? ask;
    assert.equal(textOf((await goesOn(args)).message?.result ?? {}), 'done');
    assert.deepEqual(reached().at(-1), args);
    assert.equal((await ask(args)).message?.error?.data?.['code'], 'approval_required');
  }
  for (const client of [...clients, single]) client.close();
});

test('the policies that come along hold as they come: what destroys, and what would carry private data outward', async () => {
  const policies = fileURLToPath(new URL('../../packages/hub/policies', import.meta.url));
  await using cli = await commandLine(hub.url);
  await cli.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  const files = ['destructive-tools.yaml', 'private-data-outward.yaml'].map((name) => join(policies, name));
  const applied = await cli.run(['policies', 'apply', ...files]);
  assert.equal(applied.code, 0, applied.err);
  const label = await hub.api<{ id: string }>('POST', '/api/v1/policies/definitions', {
    ...{ name: 'Reading is private', reason: 'because', directions: ['result'], condition: 'tool.name == "read"' },
    actions: [{ type: 'tag', of: 'session', tags: ['private'] }],
  });
  const args = fresh();
  const client = await bare(hub, ada);
  const call = (name: string) => client.call('tools/call', { name, arguments: args });
  assert.equal(textOf((await call('read')).message?.result ?? {}), 'done');
  assert.match((await call('read')).message?.error?.message ?? '', /has read private data/);
  const outward = await waiting(hub, args);
  assert.deepEqual(
    outward.policies.map(({ name }) => name),
    ['Private data does not flow outward'],
  );
  await refuse(hub, boss, outward.id);
  assert.equal((await call('read')).message?.error?.data?.['code'], 'refused_by_policy');
  await call('drop');
  const destroying = await waiting(hub, args);
  assert.deepEqual(destroying.policies.map(({ name }) => name).toSorted(), [
    'Destructive tools need approval',
    'Private data does not flow outward',
  ]);
  await approve(hub, boss, destroying.id);
  assert.equal(textOf((await call('drop')).message?.result ?? {}), 'done');
  client.close();
  await hub.api('DELETE', `/api/v1/policies/${label.id}`);
});

test('a hub that is killed while a call waits forgets nothing: the same call goes through after its next start', async () => {
  const args = fresh();
  const client = await bare(hub, ada);
  const params = { name: 'drop', arguments: args, _meta: { progressToken: 'p' } };
  const stream = await client.stream({
    body: JSON.stringify({ jsonrpc: '2.0', id: 78, method: 'tools/call', params }),
  });
  stream.done.catch(() => undefined);
  await stream.atLeast(1);
  const { id } = await waiting(hub, args);
  await hub.kill();
  client.close();
  await hub.restart();
  assert.equal((await approve(hub, boss, id)).state, 'approved');
  assert.deepEqual(reached(), []);
  const again = await bare(hub, ada);
  assert.equal(
    textOf((await again.call('tools/call', { name: 'drop', arguments: args })).message?.result ?? {}),
    'done',
  );
  assert.deepEqual(reached(), [args]);
  again.close();
});

test('two hubs on one database: what waits on one is decided on the other, and used on either once', async (t) => {
  const postgres = await startDebianPostgres();
  if (postgres === null) return t.skip('the distribution’s PostgreSQL is not installed');
  const env = { DATABASE_URL: postgres.url, MCPVAULT_MASTER_KEY: randomBytes(32).toString('base64') };
  const one = await startHub({ env });
  const two = await startHub({ env });
  try {
    await one.api('POST', '/api/v1/mcp/servers', {
      name: 'up',
      transport: { type: 'streamable-http', url: server.url },
    });
    await one.api('POST', '/api/v1/mcp/servers/up/check');
    await one.api('POST', '/api/v1/policies/definitions', { ...library, actions: [hold] });
    const grace = await person(one, 'grace');
    await one.api('POST', '/api/v1/grants', { subject: { type: 'member', id: grace.id }, server: 'up' });
    const args = fresh();
    const { client, close } = await connectV2(one.mcp('up'), { token: grace.token, era: 'modern' });
    const answered = client.callTool({ name: 'drop', arguments: args });
    let id = '';
    await eventually(async () => {
      const { items } = await two.api<{ items: Asked[] }>('GET', '/api/v1/approvals?state=pending');
      id = items[0]?.id ?? '';
      return id !== '';
    }, 'the request on the other hub');
    await two.api('POST', `/api/v1/approvals/${id}/approve`, {});
    assert.equal(textOf((await answered) as object), 'done');
    await close();
    const again = createBareClient(two.mcp('up'), grace.token);
    await eventually(async () => (await again.open()).status === 200, 'a session on the other hub');
    const replayed = await again.call('tools/call', { name: 'drop', arguments: args });
    assert.equal(replayed.message?.error?.data?.['code'], 'approval_required');
    assert.deepEqual(reached(), [args]);
    again.close();
  } finally {
    await Promise.all([one[Symbol.asyncDispose](), two[Symbol.asyncDispose]()]);
    await postgres.stop();
  }
});
