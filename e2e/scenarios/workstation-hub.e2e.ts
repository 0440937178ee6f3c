// Computers of members and their hub, all of them real: enrolled, governed by what the hub says, working while it is away, and
// carrying what passed to it once and in order, whoever is stopped in between.
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Running } from '../actors/command-line.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import { connectV1 } from '../actors/sdk-clients.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { type WorkstationHome, workstationHome } from '../actors/workstation-home.ts';
import { verifies } from '../requirements.ts';

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';

const hub: Hub = await startHub();
after(() => hub[Symbol.asyncDispose]());
const settings = await hub.api<Record<string, unknown>>('GET', '/api/v1/workstation-settings');
await hub.api('PUT', '/api/v1/workstation-settings', { ...settings, pollSeconds: 5, localPolicies: 'stricter' });

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly online: boolean;
  readonly bundle: { readonly version: number; readonly applied: number | null; readonly refused: string | null };
  readonly report: { readonly verdict: string } | null;
  readonly journal: { readonly waiting: number } | null;
}

async function workstation(name: string): Promise<Listed> {
  const { items } = await hub.api<{ items: Listed[] }>('GET', '/api/v1/workstations?limit=200');
  const found = items.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the hub knows no ${name}`);
  return found;
}

/** A home with one adopted server, enrolled under a name. */
async function enrolled(name: string): Promise<WorkstationHome> {
  const home = await workstationHome(hub.url);
  const { key } = await hub.api<{ key: string }>('POST', '/api/v1/enrolment-keys', { name, usesAtMost: 5 });
  await home.write(
    '.cursor/mcp.json',
    JSON.stringify({ mcpServers: { tools: { command: process.execPath, args: [everything] } } }),
  );
  const adopted = await home.line.run(['workstation', 'adopt', '--yes']);
  assert.equal(adopted.code, 0, adopted.err);
  await home.write('key', key);
  const done = await home.line.run([
    ...['workstation', 'enroll', '--hub', hub.url, '--name', name, '--key-file', home.path('key')],
    ...['--member', 'admin@example.com', '--yes'],
  ]);
  assert.equal(done.code, 0, done.err);
  return home;
}

async function agentOf(home: WorkstationHome): Promise<Running> {
  const agent = home.line.start(['workstation', 'run']);
  await eventually(() => agent.err().includes('hold') || agent.child.exitCode !== null, 'the first bundle');
  assert.equal(agent.child.exitCode, null, agent.err());
  return agent;
}

async function kill(agent: Running): Promise<void> {
  agent.child.kill('SIGKILL');
  await agent.ended();
}

interface MessageLine {
  readonly id: string;
  readonly method: string;
  readonly client: string | null;
  readonly member: { readonly email: string };
  readonly workstation: { readonly id: string } | null;
}

/** Calls of tools that the hub has of one workstation, oldest first. */
async function callsOf(id: string): Promise<readonly MessageLine[]> {
  const all: MessageLine[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: MessageLine[]; next: string | null } = await hub.api(
      'GET',
      `/api/v1/messages?limit=200&method=tools%2Fcall&workstation=${id}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    all.push(...page.items);
    cursor = page.next;
  }
  return all.toReversed();
}

async function definition(draft: object): Promise<string> {
  return (await hub.api<{ id: string }>('POST', '/api/v1/policies/definitions', draft)).id;
}

const hubRedacts = {
  name: 'No secrets',
  reason: 'Secrets stay where they are.',
  detectors: ['secrets'],
  actions: [{ type: 'redact', style: 'label' }, { type: 'alert' }],
};

test('three computers in homes of their own follow the hub, work while it is away, and everything arrives once and in order', async () => {
  verifies(
    'TV-HUB-04',
    'TV-HUB-15',
    'TV-HUB-16',
    'TV-HUB-29',
    'TV-HUB-32',
    'TV-HUB-44',
    'TV-HUB-72',
    'TV-HUB-86',
    'TV-HUB-36',
  );
  const names = ['first', 'second', 'third'];
  const homes: WorkstationHome[] = [];
  for (const name of names) homes.push(await enrolled(name));
  const agents = await Promise.all(homes.map(agentOf));
  const policy = await definition(hubRedacts);
  const ids = await Promise.all(names.map(async (name) => (await workstation(name)).id));
  const closing: (() => Promise<void>)[] = [];
  try {
    const clients = await Promise.all(
      homes.map(async (home) => connectV1(await home.entry('.cursor/mcp.json', 'tools'))),
    );
    closing.push(...clients.map(({ close }) => close));
    const echo = (number: number, message: string): Promise<string> =>
      (clients[number] as (typeof clients)[number]).client
        .callTool({ name: 'echo', arguments: { message } })
        .then(textOf);
    for (const number of names.keys()) {
      await eventually(
        async () => (await echo(number, `see ${secret}`)).includes('[redacted:github-token]'),
        'the policy',
      );
    }
    await eventually(async () => {
      const all = await Promise.all(names.map(workstation));
      return all.every(({ bundle, online }) => online && bundle.applied === bundle.version);
    }, 'the word that it holds');
    await eventually(async () => {
      const told = await Promise.all(ids.map(callsOf));
      return told.every((calls) => calls.length > 0);
    }, 'the first messages');
    const before = await Promise.all(ids.map(async (id) => (await callsOf(id)).length));

    await hub.kill();
    const each = [334, 333, 333];
    for (const [number, count] of each.entries()) {
      for (let at = 0; at < count; at += 1) {
        // The agent is killed in the middle of it, and started again before the hub is.
        if (number === 0 && at === 100 && agents[0] !== undefined) await kill(agents[0]);
        const answer = await echo(number, at % 50 === 0 ? `again ${secret}` : `message ${at}`);
        assert.ok(!answer.includes(secret), 'the hub’s policies hold without it');
      }
    }
    const again = homes[0]?.line.start(['workstation', 'run']);
    await hub.restart();
    await eventually(async () => {
      const now = await Promise.all(ids.map(async (id) => (await callsOf(id)).length));
      return now.every((count, number) => count - (before[number] ?? 0) >= (each[number] ?? 0));
    }, 'all of the messages');
    for (const [number, id] of ids.entries()) {
      const calls = await callsOf(id);
      assert.ok(calls.length - (before[number] ?? 0) >= (each[number] ?? 0));
      assert.equal(new Set(calls.map((call) => call.id)).size, calls.length, 'each once');
      for (const { workstation: from, member, client } of calls) {
        assert.deepEqual([from?.id, member.email], [id, 'admin@example.com']);
        assert.match(client ?? '', /mcpvault-e2e/);
      }
      const own = calls.map((call) => call.id);
      assert.deepEqual(own, own.toSorted(), 'in the order in which they were written down');
      const detail = await hub.api<{ journals: readonly { readonly missing: readonly unknown[] }[] }>(
        'GET',
        `/api/v1/workstations/${id}`,
      );
      assert.ok(
        detail.journals.every(({ missing }) => missing.length === 0),
        'and nothing is missing',
      );
    }
    if (again !== undefined) await kill(again);
  } finally {
    for (const close of closing) await close();
    await hub.api('DELETE', `/api/v1/policies/${policy}`).catch(() => undefined);
    for (const agent of agents) await kill(agent);
    for (const home of homes) await home[Symbol.asyncDispose]();
  }
});

test('alerts of a computer and of the hub lie in one inbox, and stay readable when the computer’s own policy is gone', async () => {
  verifies('TV-HUB-17', 'TV-HUB-88', 'TV-HUB-89');
  await using home = await enrolled('alerting');
  const own = `name: Keys\nreason: Keys stay on this computer.\ndetectors: [secrets]\nactions: [{ type: redact, style: label }, { type: alert, title: A key on a computer }]\n`;
  await home.write('mcpvault/policies.yaml', own);
  const agent = await agentOf(home);
  const { id } = await workstation('alerting');
  const { client, close } = await connectV1(await home.entry('.cursor/mcp.json', 'tools'));
  const echoed = await client.callTool({ name: 'echo', arguments: { message: `see ${secret}` } });
  assert.match(textOf(echoed), /redacted:github-token/);
  await close();
  const policy = await definition({
    ...{ name: 'Keys at the hub', reason: 'Keys stay here.', detectors: ['secrets'] },
    actions: [{ type: 'alert', title: 'A key at the hub' }],
  });
  await callAtHub(`see ${secret}`);

  const listed = async (query = ''): Promise<readonly ListedAlert[]> =>
    (await hub.api<{ items: ListedAlert[] }>('GET', `/api/v1/alerts?kind=policy${query}`)).items;
  const titled = (alerts: readonly ListedAlert[], title: string) => alerts.find((alert) => alert.title === title);
  await eventually(async () => {
    const all = await listed();
    return titled(all, 'A key on a computer') !== undefined && titled(all, 'A key at the hub') !== undefined;
  }, 'both alerts');
  assert.equal(titled(await listed('&layer=hub'), 'A key on a computer'), undefined);
  assert.equal(titled(await listed('&layer=hub'), 'A key at the hub')?.layer, 'hub');
  const mine = titled(await listed('&layer=workstation'), 'A key on a computer');
  assert.deepEqual([mine?.layer, mine?.count, mine?.member.email], ['workstation', 1, 'admin@example.com']);
  await hub.api('POST', '/api/v1/alerts', { ids: [mine?.id], state: 'acknowledged', comment: 'Seen.' });
  assert.equal(titled(await listed('&state=acknowledged&layer=workstation'), 'A key on a computer')?.id, mine?.id);
  assert.equal(titled(await listed('&state=open&layer=workstation'), 'A key on a computer'), undefined);

  await rm(home.path('mcpvault/policies.yaml'));
  await kill(agent);
  const round = await home.line.run(['workstation', 'run', '--once']);
  assert.equal(round.code, 0, round.err);
  await eventually(async () => {
    const { localPolicies } = await hub.api<{ localPolicies: { policies: unknown[] } | null }>(
      'GET',
      `/api/v1/workstations/${id}`,
    );
    return localPolicies?.policies.length === 0;
  }, 'the word that the policy is gone');
  const whole = await hub.api<{
    messages: string[];
    snapshot: { policy: { name: string; reason: string }; findings: Record<string, number>; edits: unknown[] };
  }>('GET', `/api/v1/alerts/${mine?.id}`);
  const { policy: kept, findings, edits } = whole.snapshot;
  assert.deepEqual([kept.name, kept.reason], ['Keys', 'Keys stay on this computer.']);
  assert.ok((findings['github-token'] ?? 0) > 0 && edits.length > 0);
  assert.ok(!JSON.stringify(whole).includes(secret));
  const message = await hub.api<{ workstation: { id: string } }>('GET', `/api/v1/messages/${whole.messages[0]}`);
  assert.equal(message.workstation.id, id);
  await hub.api('DELETE', `/api/v1/policies/${policy}`);
});

interface ListedAlert {
  readonly id: string;
  readonly layer: string;
  readonly title: string;
  readonly count: number;
  readonly member: { readonly email: string };
}

/** A call of a server that the hub runs. */
async function callAtHub(message: string): Promise<void> {
  const transport = { type: 'stdio', command: process.execPath, args: [everything] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'central', transport });
  const { token } = await hub.createToken();
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  };
  const send = (body: object): Promise<Response> =>
    fetch(hub.mcp('central'), { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const opened = await send({ id: 0, method: 'initialize', params });
  await opened.text();
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id') ?? '';
  const answer = await send({ id: 1, method: 'tools/call', params: { name: 'echo', arguments: { message } } });
  assert.equal(answer.status, 200, await answer.text());
}

test('a bundle that somebody changed on the computer closes its servers, and the agent mends it', async () => {
  await using home = await enrolled('tampered');
  const agent = await agentOf(home);
  await kill(agent);
  const path = home.path('mcpvault/workstation/bundle.json');
  const signed = await readFile(path, 'utf8');
  await writeFile(path, signed.replace('\\"localPolicies\\":\\"stricter\\"', '\\"localPolicies\\":\\"allowed\\"'));
  assert.notEqual(await readFile(path, 'utf8'), signed);
  const { client, close } = await connectV1(await home.entry('.cursor/mcp.json', 'tools')).catch((error: Error) => ({
    client: null,
    close: async () => assert.match(error.message, /not what its hub signed/),
  }));
  assert.equal(client, null, 'no server runs under policies that nobody signed');
  await close();
  const doctor = await home.line.run(['workstation', 'doctor']);
  assert.equal(doctor.code, 1);
  assert.match(doctor.out, /not what the hub signed/);
  const next = await agentOf(home);
  const found = await connectV1(await home.entry('.cursor/mcp.json', 'tools'));
  assert.match(textOf(await found.client.callTool({ name: 'echo', arguments: { message: 'mended' } })), /mended/);
  await found.close();
  await kill(next);
});

test('a workstation whose access was ended hears so at its next word, and its agent stops', async () => {
  await using home = await enrolled('revoked');
  const agent = await agentOf(home);
  const { id } = await workstation('revoked');
  await hub.api('POST', `/api/v1/workstations/${id}/revoke`, {});
  assert.equal(await agent.ended(), 3);
  assert.match(agent.err(), /no longer accepts this computer/);
  const again = await home.line.run(['workstation', 'run', '--once']);
  assert.equal(again.code, 3, again.err);
  const left = await home.line.run(['workstation', 'leave', '--yes']);
  assert.equal(left.code, 0, left.err);
  assert.equal((await home.line.run(['workstation', 'check', '--by-hub'])).code, 22);
});

test('jobs of the hub are done on the computer, those that write only with the word of its person, and each once', async () => {
  verifies('TV-HUB-55', 'TV-HUB-28');
  await using home = await enrolled('asked');
  await home.write(
    '.cursor/mcp.json',
    JSON.stringify({ mcpServers: { more: { command: process.execPath, args: [everything, 'stdio'] } } }),
  );
  const agent = await agentOf(home);
  const { id } = await workstation('asked');
  interface Job {
    readonly id: string;
    readonly state: string;
    readonly detail: string | null;
    readonly result: { readonly servers?: readonly { readonly name: string }[]; readonly difference?: string } | null;
  }
  const ask = (job: object): Promise<Job> =>
    hub.api('POST', '/api/v1/agent-jobs', { workstation: id, job, reason: 'a test' });
  const ended = async ({ id: job }: Job): Promise<Job> => {
    for (let tries = 0; tries < 10; tries += 1) {
      const now = await hub.api<Job>('GET', `/api/v1/agent-jobs/${job}?wait=20`);
      if (['done', 'failed', 'declined', 'refused'].includes(now.state)) return now;
    }
    throw new Error('the job did not end');
  };
  const before = await home.read('.cursor/mcp.json');
  const scanned = await ended(await ask({ kind: 'scan', input: {} }));
  assert.equal(scanned.state, 'done', scanned.detail ?? '');
  assert.equal(await home.read('.cursor/mcp.json'), before, 'a scan writes nothing');
  const entry = { client: 'cursor', path: home.path('.cursor/mcp.json'), pointer: '/mcpServers/more', server: 'more' };
  const preview = await ask({ kind: 'remediate', input: { does: 'adopt', entry, to: null, preview: true } });
  await answer(home, preview.id, 'accept');
  const shown = await ended(preview);
  assert.match(shown.result?.difference ?? '', /bridge/);
  assert.equal(await home.read('.cursor/mcp.json'), before, 'a preview writes nothing');
  const no = await ask({ kind: 'remediate', input: { does: 'adopt', entry, to: null, preview: false } });
  await answer(home, no.id, 'decline');
  assert.equal((await ended(no)).state, 'declined');
  assert.equal(await home.read('.cursor/mcp.json'), before);
  const yes = await ask({ kind: 'remediate', input: { does: 'adopt', entry, to: null, preview: false } });
  await answer(home, yes.id, 'accept');
  assert.equal((await ended(yes)).state, 'done');
  assert.match(await home.read('.cursor/mcp.json'), /"bridge"/);
  const back = await ask({ kind: 'revert', input: { entry, preview: false } });
  await answer(home, back.id, 'accept');
  assert.equal((await ended(back)).state, 'done');
  assert.equal(await home.read('.cursor/mcp.json'), before);
  await kill(agent);
});

/** Says yes or no to a job as the person does, once it waits; one that does not ask is not answered. */
async function answer(home: WorkstationHome, job: string, word: 'accept' | 'decline'): Promise<void> {
  interface Known {
    readonly jobs: readonly { readonly id: string; readonly state: string }[];
  }
  let state: string | undefined;
  await eventually(async () => {
    const { jobs } = await home.line.json<Known>(['workstation', 'jobs', 'list']);
    state = jobs.find((each) => each.id === job)?.state;
    return state !== undefined && state !== 'under way';
  }, 'the job at the computer');
  if (state !== 'waits for you') return;
  const said = await home.line.run(['workstation', 'jobs', word, job]);
  assert.equal(said.code, 0, said.err);
}
