// The promise of the README: one command, a real client, a real tool, and the call on record with what was redacted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { patienceMs } from '../actors/eventually.ts';
import { connectV1, connectV2 } from '../actors/sdk-clients.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { type MessageDetail, recorded } from './recorded.ts';

let hub: Hub;
let token: string;

before(async () => {
  hub = await startHub({ example: true });
  ({ token } = await hub.createToken());
});
after(() => hub[Symbol.asyncDispose]());

test('the example servers become ready, with their tools', async () => {
  verifies('MV-README-051', 'MV-README-035', 'MV-README-095', 'TV-HUB-08', 'MV-README-047');
  const { items } = await ready();
  assert.deepEqual(items.map((server) => server.name).sort(), ['everything', 'filesystem', 'memory']);
  const tools = await hub.api<{ items: { name: string; inputSchema: object }[] }>(
    'GET',
    '/api/v1/mcp/servers/everything/tools',
  );
  const echo = tools.items.find((tool) => tool.name === 'echo');
  assert.ok(echo, 'the tool echo is listed');
  assert.equal((echo.inputSchema as { type: string }).type, 'object');
});

for (const [line, connect] of [
  ['1.x', (url: string) => connectV1(url, { token })],
  ['2.x', (url: string) => connectV2(url, { token, era: 'auto' })],
] as const) {
  test(`a client of the SDK's ${line} line calls a tool of one server, and a secret in it is redacted both ways`, async () => {
    verifies('TV-HUB-16', 'MV-README-031', 'MV-REQ-074', 'CP-004', 'TV-HUB-81');
    await ready();
    const connection = await connect(hub.mcp('everything'));
    const secret = 'AKIAQ3EGRPZ5WZKX7LMN';
    const result = await connection.client.callTool({
      name: 'echo',
      arguments: { message: `key ${secret} of ${line}` },
    });
    await connection.close();
    const text = JSON.stringify(result);
    assert.ok(!text.includes(secret), 'the client never sees the secret come back');
    assert.match(text, /redacted:aws-access-key/);
    const message = await recorded(
      hub,
      '?server=everything&tool=echo',
      (each) => each.request?.original?.includes(line) ?? false,
    );
    assert.ok(message.request);
    assert.ok(message.request.original?.includes(secret), 'the original is kept for those who may see it');
    assert.ok(!message.request.delivered.includes(secret), 'the server never saw the secret');
    assert.ok(message.redactions > 0);
    assertDelivered(message);
    const [edit] = message.request.edits;
    assert.ok(edit?.policy?.name, 'the edit names its policy');
  });

  test(`a client of the SDK's ${line} line finds every server behind one endpoint`, async () => {
    verifies('CP-082');
    await ready();
    const connection = await connect(hub.mcp());
    const { tools } = await connection.client.listTools();
    const names = tools.map((tool) => tool.name);
    assert.ok(names.every((name) => name.length <= 64));
    for (const name of ['everything__echo', 'filesystem__list_allowed_directories', 'memory__read_graph']) {
      assert.ok(names.includes(name), `${name} is among ${names.join(', ')}`);
    }
    const result = await connection.client.callTool({ name: 'filesystem__list_allowed_directories', arguments: {} });
    assert.match(JSON.stringify(result), /sample-files/);
    await connection.close();
  });
}

test('the record of a message that a member may not see whole shows what was delivered only', async () => {
  const member = await hub.api<{ id: string }>('POST', '/api/v1/members', {
    email: 'reader@example.com',
    name: 'Reader',
    password: 'a password that is long enough',
  });
  await hub.api('POST', '/api/v1/grants', { subject: { type: 'member', id: member.id }, server: 'everything' });
  const { accessToken } = await hub.signIn('reader@example.com', 'a password that is long enough');
  const own = await hub.createToken(accessToken);
  await ready();
  const connection = await connectV1(hub.mcp('everything'), { token: own.token });
  await connection.client.callTool({ name: 'echo', arguments: { message: 'AKIAQ3EGRPZ5WZKX7LMN' } });
  await connection.close();
  const message = await recorded(hub, '?tool=echo', () => true, accessToken);
  assert.equal(message.request?.original, null);
  assert.ok(!message.request?.delivered.includes('AKIA'));
  const others = await hub.api<{ items: { member: { email: string } }[] }>(
    'GET',
    '/api/v1/messages',
    undefined,
    accessToken,
  );
  assert.ok(
    others.items.every((each) => each.member.email === 'reader@example.com'),
    'members see their own messages only',
  );
});

async function ready(): Promise<{ items: { name: string; status: string }[] }> {
  for (const began = performance.now(); performance.now() - began < patienceMs; ) {
    const servers = await hub.api<{ items: { name: string; status: string; reason: string | null }[] }>(
      'GET',
      '/api/v1/mcp/servers',
    );
    if (servers.items.length === 3 && servers.items.every((server) => server.status === 'ready')) return servers;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the example servers did not become ready:\n${hub.output()}`);
}

/** What was delivered is the original with its edits, byte for byte. */
function assertDelivered(message: MessageDetail): void {
  for (const side of [message.request, message.response]) {
    if (side?.original == null) continue;
    const original = Buffer.from(side.original);
    const parts: Buffer[] = [];
    let at = 0;
    for (const edit of side.edits) {
      parts.push(original.subarray(at, edit.start), Buffer.from(edit.replacement));
      at = edit.end;
    }
    parts.push(original.subarray(at));
    assert.equal(Buffer.concat(parts).toString(), side.delivered);
  }
}
