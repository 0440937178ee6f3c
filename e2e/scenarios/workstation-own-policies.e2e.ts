// A computer with policies of its own under those of its hub: who may enrol it, what the hub knows of it, and that nothing
// which is changed there is hidden from the hub.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Running } from '../actors/command-line.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import { connectV1 } from '../actors/sdk-clients.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { type WorkstationHome, workstationHome } from '../actors/workstation-home.ts';
import { verifies } from '../requirements.ts';
import { type MessageSide, recorded } from './recorded.ts';

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
const token = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';
const card = '4111 1111 1111 1111';
const own = `name: Cards stay here
reason: Cards are nobody else’s business.
directions: [call]
detectors: [cards]
actions: [{ type: redact, style: label }]
`;

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly [said: string]: unknown;
}
interface Own {
  readonly localPolicies: {
    readonly policies: readonly { readonly name: string; readonly holds: boolean }[];
  } | null;
}
type Edit = MessageSide['edits'][number] & { readonly layer: string; readonly reason: string };

let hub: Hub;
let home: WorkstationHome;
let agent: Running | undefined;

before(async () => {
  hub = await startHub();
  await settings({ pollSeconds: 5, localPolicies: 'allowed' });
  // What its environment says is no hub at all.
  home = await workstationHome();
  await home.write(
    '.cursor/mcp.json',
    JSON.stringify({ mcpServers: { tools: { command: process.execPath, args: [everything] } } }),
  );
  assert.equal((await home.line.run(['workstation', 'adopt', '--yes'])).code, 0);
  await home.write('mcpvault/policies.yaml', own);
});
after(async () => {
  agent?.child.kill('SIGKILL');
  await agent?.ended();
  await home?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

async function settings(more: object): Promise<void> {
  const path = '/api/v1/workstation-settings';
  await hub.api('PUT', path, { ...(await hub.api<object>('GET', path)), ...more });
}

const listed = async (): Promise<readonly Listed[]> =>
  (await hub.api<{ items: Listed[] }>('GET', '/api/v1/workstations')).items;

const enroll = (...more: readonly string[]) =>
  home.line.run(['workstation', 'enroll', '--name', 'mine', '--member', 'admin@example.com', '--yes', ...more]);

/** What the server answers, or why it does not. */
async function echo(message: string): Promise<string> {
  try {
    const { client, close } = await connectV1(await home.entry('.cursor/mcp.json', 'tools'));
    const answer = client.callTool({ name: 'echo', arguments: { message } });
    return await answer.then(textOf).finally(close);
  } catch (error) {
    return String(error);
  }
}

test('nobody enrols a computer without a credential of a member, or with one that is wrong', async () => {
  verifies('TV-HUB-46');
  const words = { osVersion: '1', architecture: 'x64', agentVersion: '1', account: 'eve', timeZone: 'UTC' };
  const lists = { addresses: [], features: [] };
  const about = { name: 'mine', hostName: 'mine', platform: 'linux', machine: 'm'.repeat(20), ...words, ...lists };
  for (const headers of [{}, { authorization: 'Bearer guessed' }, { authorization: 'Bearer mcpv_guessed' }]) {
    const answer = await fetch(`${hub.url}/link/v1/enrol`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'mcpvault-link': '1', ...headers },
      body: JSON.stringify({ about, member: 'admin@example.com' }),
    });
    assert.equal(answer.status, 401);
  }
  assert.notEqual((await enroll('--hub', hub.url, '--key', 'mcpv_enrol_guessed')).code, 0);
  assert.notEqual((await enroll('--hub', hub.url)).code, 0);
  assert.deepEqual(await listed(), []);
});

test('the hub that is named outweighs the one of the environment, and knows what the computer says and where it comes from', async () => {
  verifies('TV-HUB-45', 'TV-HUB-47', 'TV-HUB-48');
  const { key } = await hub.api<{ key: string }>('POST', '/api/v1/enrolment-keys', { name: 'mine', usesAtMost: 2 });
  assert.notEqual((await enroll('--key', key)).code, 0, 'there is no hub where the environment says');
  const done = await enroll('--key', key, '--hub', hub.url);
  assert.equal(done.code, 0, done.err);
  const [mine] = await listed();
  assert.ok(mine);
  assert.deepEqual([mine.name, mine['observedAddress']], ['mine', '127.0.0.1']);
  assert.ok(Array.isArray(mine['addresses']));
  assert.ok(['linux', 'macos', 'windows'].includes(String(mine['platform'])));
  for (const said of ['osVersion', 'architecture', 'hostName', 'account', 'timeZone', 'agentVersion'])
    assert.ok(typeof mine[said] === 'string' && mine[said] !== '', said);
  assert.ok((mine['features'] as readonly string[]).length > 0);
  const again = await home.line.run(
    ['workstation', 'enroll', '--name', 'mine', '--member', 'admin@example.com', '--yes', '--key', key],
    { env: { MCPVAULT_HUB: hub.url } },
  );
  assert.equal(again.code, 0, again.err);
  assert.deepEqual(
    (await listed()).map(({ id }) => id),
    [mine.id],
    'the same computer is the same workstation',
  );
});

test('both layers judge what came in: the hub has the original, the edits of each, and what was delivered', async () => {
  verifies('TV-HUB-68', 'TV-HUB-75', 'TV-HUB-79', 'TV-HUB-85', 'TV-HUB-31');
  await hub.api('POST', '/api/v1/policies/definitions', {
    ...{ name: 'No tokens', reason: 'Tokens stay where they are.', directions: ['call'], detectors: ['secrets'] },
    actions: [{ type: 'redact', style: 'label' }],
  });
  agent = home.line.start(['workstation', 'run']);
  await eventually(async () => (await echo(token)).includes('[redacted:github-token]'), 'the policy of the hub');
  const answer = await echo(`both ${token} and ${card}`);
  assert.ok(!answer.includes(token) && !answer.includes(card), answer);
  const [mine] = await listed();
  const { request } = await recorded(
    hub,
    `?workstation=${mine?.id}&method=tools%2Fcall`,
    (each) => each.request?.original?.includes('both') ?? false,
  );
  assert.ok(request !== null && request.original !== null);
  assert.ok(request.original.includes(token) && request.original.includes(card), 'nothing was kept from the hub');
  assert.deepEqual(
    (request.edits as readonly Edit[]).map(({ layer, reason }) => [layer, reason]),
    [
      ['hub', 'Tokens stay where they are.'],
      ['workstation', 'Cards are nobody else’s business.'],
    ],
  );
  let rebuilt = Buffer.from(request.original);
  for (const { start, end, replacement } of request.edits.toReversed())
    rebuilt = Buffer.concat([rebuilt.subarray(0, start), Buffer.from(replacement), rebuilt.subarray(end)]);
  assert.equal(rebuilt.toString(), request.delivered);
  assert.ok(!request.delivered.includes(token) && !request.delivered.includes(card));
  await eventually(async () => {
    const { localPolicies } = await hub.api<Own>('GET', `/api/v1/workstations/${mine?.id}`);
    const [first, ...others] = localPolicies?.policies ?? [];
    return first?.name === 'Cards stay here' && first.holds && others.length === 0;
  }, 'the computer’s own policies at the hub');
});

test('where the hub forbids policies of a computer’s own, they do nothing, and those of the hub go on', async () => {
  verifies('TV-HUB-30', 'TV-HUB-69');
  await settings({ localPolicies: 'forbidden' });
  await eventually(async () => (await echo(`card ${card}`)).includes(card), 'the card to pass');
  const answer = await echo(`both ${token} and ${card}`);
  assert.ok(answer.includes(card) && !answer.includes(token), answer);
  await settings({ localPolicies: 'allowed' });
  await eventually(async () => (await echo(`card ${card}`)).includes('card [redacted:'), 'both to hold again');
});

test('where the hub forbids servers that a computer runs by itself, none runs, and it is said why', async () => {
  verifies('TV-HUB-26');
  await settings({ localServers: 'forbidden' });
  await eventually(async () => /organization does not allow servers/.test(await connected()), 'the refusal');
  await settings({ localServers: 'allowed' });
  await eventually(async () => (await connected()) === 'connected', 'the server to run again');
});

async function connected(): Promise<string> {
  try {
    const { close } = await connectV1(await home.entry('.cursor/mcp.json', 'tools'));
    await close();
    return 'connected';
  } catch (error) {
    return String(error);
  }
}
