// Grants with conditions and denies, and limits on calls, as clients meet them.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { connectV1 } from '../actors/sdk-clients.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { addMember, callTool, openSession, serverReady } from './access-steps.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));

let hub: Hub;
before(async () => {
  hub = await startHub();
  const transport = { type: 'stdio', command: process.execPath, args: [rude, 'exact'] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'tools', transport, isolation: 'shared' });
  await serverReady(hub, 'tools');
});
after(() => hub[Symbol.asyncDispose]());

async function grant(member: string, more: object): Promise<{ id: string }> {
  return hub.api('POST', '/api/v1/grants', { subject: { type: 'member', id: member }, server: 'tools', ...more });
}

test('a grant holds at some times, from some places and for some arguments only, and says why it does not', async () => {
  verifies('CP-136');
  const anna = await addMember(hub, 'anna');
  const late = await grant(anna.id, { condition: 'now < timestamp("2020-01-01T00:00:00Z")', reason: 'that was then' });
  const closed = await openSession(hub, 'tools', anna.token);
  assert.equal(closed.status, 403, 'outside its hours there is nothing to open');
  assert.match(closed.text, new RegExp(`${late.id}.*that was then|that was then`));
  await hub.api('DELETE', `/api/v1/grants/${late.id}`);

  await grant(anna.id, {
    condition: 'in_network(network.ip, "127.0.0.0/8") && arguments.text.startsWith("ok")',
    reason: 'only what is ok',
  });
  const { session } = await openSession(hub, 'tools', anna.token);
  const connection = await connectV1(hub.mcp('tools'), { token: anna.token });
  const { tools } = await connection.client.listTools();
  assert.ok(
    tools.some(({ name }) => name === 'echo'),
    'what it depends on is not known yet',
  );
  await connection.close();
  const passes = await callTool(hub, 'tools', anna.token, session, 'echo', { text: 'ok then' });
  assert.match(passes.text, /ok then/);
  const refused = await callTool(hub, 'tools', anna.token, session, 'echo', { text: 'not ok' });
  assert.match(refused.text, /grt_\w+ allows it under a condition that does not hold: only what is ok/);
  const broken = await callTool(hub, 'tools', anna.token, session, 'echo', { words: 'ok' });
  assert.match(broken.text, /condition that does not hold/, 'one that cannot be told opens nothing');
});

test('a deny outweighs every grant, also an admin’s role, from the next call on', async () => {
  const ben = await addMember(hub, 'ben');
  await grant(ben.id, {});
  const { session } = await openSession(hub, 'tools', ben.token);
  const asAdmin = await hub.createToken();
  const admins = await openSession(hub, 'tools', asAdmin.token);
  assert.match((await callTool(hub, 'tools', ben.token, session, 'echo', { text: 'one' })).text, /one/);
  const deny = { effect: 'deny', server: 'tools', tools: ['echo'], reason: 'not today' };
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/grants', {
    ...deny,
    subject: { type: 'role', id: 'member' },
  });
  const denied = await callTool(hub, 'tools', ben.token, session, 'echo', { text: 'two' });
  assert.match(denied.text, new RegExp(`denied by ${id}: not today`));
  const all = await hub.api<{ id: string }>('POST', '/api/v1/grants', {
    ...deny,
    subject: { type: 'role', id: 'admin' },
  });
  const own = await callTool(hub, 'tools', asAdmin.token, admins.session, 'echo', { text: 'three' });
  assert.match(own.text, new RegExp(`denied by ${all.id}`));
  for (const each of [id, all.id]) await hub.api('DELETE', `/api/v1/grants/${each}`);
  assert.match((await callTool(hub, 'tools', ben.token, session, 'echo', { text: 'four' })).text, /four/);
});

test('who calls more than a limit allows is told when to come again, and nobody else notices', async () => {
  verifies('MV-REQ-094', 'CP-006', 'CP-054');
  const [cleo, dora] = [await addMember(hub, 'cleo'), await addMember(hub, 'dora')];
  for (const { id } of [cleo, dora]) await grant(id, {});
  const limit = await hub.api<{ id: string }>('POST', '/api/v1/limits', {
    name: 'Fair share',
    subject: { type: 'member' },
    calls: 5,
    per: 'hour',
  });
  const sessions = [await openSession(hub, 'tools', cleo.token), await openSession(hub, 'tools', dora.token)];
  const ofCleo = (): ReturnType<typeof callTool> =>
    callTool(hub, 'tools', cleo.token, sessions[0]?.session ?? '', 'echo', { text: 'again' });
  for (let made = 1; made <= 5; made++) {
    const { status, headers } = await ofCleo();
    assert.equal(status, 200);
    assert.equal(headers.get('ratelimit-policy'), `"${limit.id}";q=5;w=3600`);
    assert.match(headers.get('ratelimit') ?? '', new RegExp(`^"${limit.id}";r=${5 - made};t=\\d+$`));
  }
  const refused = await ofCleo();
  assert.equal(refused.status, 429);
  const wait = Number(refused.headers.get('retry-after'));
  assert.ok(wait > 0 && wait <= 720, `${wait} seconds until there is room for one call`);
  const { error } = JSON.parse(refused.text) as { error: { code: number; message: string; data: object } };
  assert.deepEqual(error.data, { limit: limit.id, retryAfter: wait, code: 'rate_limited', retryable: true });
  assert.equal(error.code, 4292);
  assert.match(error.message, /^the limit “Fair share” allows 5 calls an hour; try again in \d+ minutes$/);
  const other = await callTool(hub, 'tools', dora.token, sessions[1]?.session ?? '', 'echo', { text: 'mine' });
  assert.equal(other.status, 200, 'what one member used is not another’s');

  const { items } = await hub.api<{ items: { id: string; use: { used: number; left: number }[] }[] }>(
    'GET',
    '/api/v1/limits',
  );
  assert.deepEqual(
    items.find(({ id }) => id === limit.id)?.use.map(({ used, left }) => [used, left]),
    [
      [5, 0],
      [1, 4],
    ],
  );
  await hub.api('PATCH', `/api/v1/limits/${limit.id}`, { calls: 50 });
  assert.equal((await ofCleo()).status, 200, 'changed, it holds at once');
  await hub.api('DELETE', `/api/v1/limits/${limit.id}`);
  assert.equal((await ofCleo()).headers.get('ratelimit'), null);
});
