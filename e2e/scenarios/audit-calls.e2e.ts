// Every call is in the audit log exactly once: who, as whom, what, on which server and tool, with which arguments in outline,
// and how it ended. Each can be proven by itself, and none is lost or doubled when the hub is killed in the middle.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { eventually } from '../actors/eventually.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));
const kills = 3;
/** What the server’s definition holds as a secret: in the log only by the name of its variable. */
const hidden = 'hidden-4711-value';

let hub: Hub;
let ada: CommandLine;
let token: string;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpvault-audit-calls-'));
  hub = await startHub();
  ada = await commandLine(hub.url);
  const { code, err } = await ada.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  assert.equal(code, 0, err);
  const transport = { type: 'stdio', command: process.execPath, args: [rude, 'echo'], env: { ECHO_TOKEN: hidden } };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'echo', transport, isolation: 'shared' });
  ({ token } = await hub.createToken());
});
after(async () => {
  await ada?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Call {
  readonly message: string;
  readonly sequence: number;
  readonly index: number;
  readonly at: string;
  readonly member: { readonly id: string; readonly label: string };
  readonly role: string | null;
  readonly actedBy: null;
  readonly server: { readonly name: string | null };
  readonly method: string;
  readonly target: string | null;
  readonly parameters: string | null;
  readonly outcome: string;
  readonly code: string | null;
  readonly requestBytes: number | null;
  readonly responseBytes: number | null;
  readonly durationMs: number;
  readonly trace: string | null;
  readonly secrets: readonly string[];
}

interface Line {
  readonly type: string;
  readonly sequence: number;
  readonly action?: string;
  readonly record?: Readonly<Record<string, unknown>>;
}

async function pages<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: Item[]; next: string | null } = await hub.api('GET', `/api/v1/${path}limit=200${more}`);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

interface Conversation {
  /** The status, and whether the server's answer came. */
  call(text: string, meta?: object): Promise<boolean>;
}

async function open(endpoint = 'echo', bearer = token): Promise<Conversation> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${bearer}`,
  };
  const send = (body: object): Promise<Response> =>
    fetch(hub.mcp(endpoint), { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
  const opened = await send({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } },
  });
  await opened.text();
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id') ?? '';
  let id = 0;
  return {
    async call(text, meta) {
      id += 1;
      const params = { name: 'echo', arguments: { text }, ...(meta && { _meta: meta }) };
      const answer = await send({ id, method: 'tools/call', params });
      return answer.status === 200 && (await answer.text()).includes(text);
    },
  };
}

async function exported(...args: string[]): Promise<string[]> {
  const { code, out, err } = await ada.run(['audit', 'export', ...args]);
  assert.equal(code, 0, err);
  return out.trimEnd().split('\n');
}

async function verify(lines: readonly string[]) {
  const file = join(folder, 'audit.jsonl');
  await writeFile(file, `${lines.join('\n')}\n`);
  return ada.run(['audit', 'verify', file, '--key', await publicKey()]);
}

async function publicKey(): Promise<string> {
  const { items } = await hub.api<{ items: { publicKey: string; until: string | null }[] }>(
    'GET',
    '/api/v1/audit/keys',
  );
  return items.find(({ until }) => until === null)?.publicKey ?? '';
}

/** The call's place in the log follows its answer within moments. */
async function auditedCalls(count: number): Promise<Call[]> {
  let calls: Call[] = [];
  await eventually(async () => {
    calls = await pages<Call>('audit/calls?method=tools%2Fcall&');
    return calls.length >= count;
  }, `${count} calls in the audit log`);
  return calls;
}

test('a call leaves who, as whom, what, where, its arguments in outline, how it ended, and nothing that was said', async () => {
  verifies('MV-README-083', 'MV-README-085', 'CP-038', 'MV-README-082', 'MV-README-084');
  const said = 'the-words-of-one-call';
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const conversation = await open();
  assert.equal(await conversation.call(said, { traceparent: `00-${trace}-b7ad6b7169203331-01` }), true);
  const [call] = await auditedCalls(1);
  assert.ok(call);
  assert.deepEqual(
    [call.member.label, call.role, call.actedBy, call.server.name, call.method, call.target],
    [admin.email, 'admin', null, 'echo', 'tools/call', 'echo'],
  );
  assert.deepEqual(
    [call.outcome, call.code, call.parameters, call.trace],
    ['answered', null, `{"text":"text ${said.length}"}`, trace],
  );
  assert.ok((call.requestBytes ?? 0) > 0 && (call.responseBytes ?? 0) > 0 && call.durationMs > 0);
  const lines = await exported();
  assert.equal(
    lines.some((line) => line.includes(said)),
    false,
  );
  assert.ok(lines.some((line) => (JSON.parse(line) as Line).record?.['id'] === call.message));
});

test('the log says with which secrets a call was carried, by name, in every format, and never what they are', async () => {
  const conversation = await open();
  assert.equal(await conversation.call('with a secret'), true);
  const [call] = await auditedCalls(1);
  assert.deepEqual(call?.secrets, ['env ECHO_TOKEN']);
  const found = await pages<Call>('audit/calls?secret=env%20ECHO_TOKEN&');
  assert.ok(found.some(({ message }) => message === call?.message));
  assert.deepEqual(await pages<Call>('audit/calls?secret=env%20OTHER&'), []);
  for (const format of ['jsonl', 'csv', 'ocsf']) {
    const lines = await exported('--format', format);
    assert.equal(
      lines.filter((line) => line.includes(call?.message ?? '-') && line.includes('ECHO_TOKEN')).length,
      1,
      format,
    );
    assert.equal(lines.filter((line) => line.includes(hidden)).length, 0, format);
  }
  const [header, row] = await exported('--format', 'csv');
  assert.match(header ?? '', /^place,id,at,kind,actor,/);
  assert.match(row ?? '', /^\d+(\.\d+)?,(aud|msg)_/);
  const events = (await exported('--format', 'ocsf')).map((line) => JSON.parse(line) as { class_uid: number });
  assert.ok(events.every(({ class_uid }) => class_uid === 3002 || class_uid === 6003));
});

test('an export of a time holds its entries and calls, and is checked by itself', async () => {
  const conversation = await open();
  const before = (await auditedCalls(1)).length;
  const from = new Date(Date.now() - 1).toISOString();
  assert.equal(await conversation.call('within'), true);
  await auditedCalls(before + 1);
  await setTimeout(2);
  const to = new Date().toISOString();
  await setTimeout(2);
  assert.equal(await conversation.call('later'), true);
  await auditedCalls(before + 2);
  const lines = await exported('--from', from, '--to', to);
  const calls = lines
    .map((line) => JSON.parse(line) as Line)
    .filter(({ record }) => record?.['method'] === 'tools/call');
  assert.equal(calls.length, 1);
  const { code, out } = await verify(lines);
  assert.equal(code, 0, out);
  assert.match(out, /^Intact: \d+ entries of org_\w+ \(places [1-9]\d* to before \d+\), with \d+ calls/);
  const bare = await exported('--from', from, '--to', to, '--no-calls');
  assert.match((await verify(bare)).out, /^Intact: .* It only stands for \d+ calls, which are not in the file\./);
});

test('a call that is changed, dropped, exchanged or added in an export is found, and named', async () => {
  const lines = await exported();
  const at = lines.findIndex((line) => (JSON.parse(line) as Line).record?.['method'] === 'tools/call');
  const line = lines[at] ?? '';
  const { record, sequence } = JSON.parse(line) as Line;
  const changed = await verify(lines.with(at, line.replace('"answered"', '"refused"')));
  assert.equal(changed.code, 1);
  assert.match(
    changed.out,
    new RegExp(`^Broken at line ${at + 1}, entry ${sequence} \\(aud_\\w+, ${record?.['id']}\\)`),
  );
  const attempts = {
    dropped: lines.toSpliced(at, 1),
    doubled: lines.toSpliced(at, 0, line),
    moved: lines.toSpliced(at, 1).toSpliced(1, 0, line),
    exchanged: lines.with(at, line.replace(/msg_\w+/, 'msg_0')),
  };
  for (const [how, tampered] of Object.entries(attempts)) assert.equal((await verify(tampered)).code, 1, how);
});

test('one call is proven by itself, here and anywhere else, and nothing else is', async () => {
  verifies('MV-REQ-033');
  assert.equal(await (await open()).call('to be proven'), true);
  const [call] = await auditedCalls(1);
  assert.ok(call);
  const file = join(folder, 'proof.json');
  const key = await publicKey();
  const proven = await ada.run(['audit', 'prove', call.message, '--key', key, '--save', file]);
  assert.equal(proven.code, 0, proven.err);
  assert.match(proven.out, new RegExp(`^Proven: ${call.message} is call ${call.index} of entry ${call.sequence} `));
  await hub.stop();
  assert.equal((await ada.run(['audit', 'verify', file, '--key', key])).code, 0);
  const stranger = Buffer.alloc(32, 1).toString('base64');
  const doubted = await ada.run(['audit', 'verify', file, '--key', stranger]);
  assert.deepEqual(
    [doubted.code, doubted.out.trim()],
    [1, 'Not proven: the log is not signed with a key that is trusted.'],
  );
  await hub.restart();
  assert.notEqual((await ada.run(['audit', 'prove', 'msg_none'])).code, 0);
});

test('a refused call is in the log with its reason', async () => {
  const before = (await pages<Call>('audit/calls?outcome=refused&')).length;
  const invited = await hub.api<{ invitation: { url: string } }>('POST', '/api/v1/members', {
    email: 'grace@example.com',
    name: 'Grace',
  });
  const link = new URLSearchParams(new URL(invited.invitation.url).hash.slice(1)).get('link');
  const password = 'quite a long password';
  await hub.api('POST', '/api/v1/auth/links/accept', { link, password }, null);
  const { accessToken } = await hub.signIn('grace@example.com', password);
  const { member } = await hub.api<{ member: { id: string } }>('GET', '/api/v1/me', undefined, accessToken);
  const subject = { type: 'member', id: member.id };
  await hub.api('POST', '/api/v1/grants', { subject, server: 'echo', tools: ['another'] });
  const conversation = await open('echo', accessToken);
  assert.equal(await conversation.call('x'), false);
  await eventually(
    async () => (await pages<Call>('audit/calls?outcome=refused&')).length > before,
    'the refusal in the audit log',
  );
  const [refused] = await pages<Call>('audit/calls?outcome=refused&');
  assert.deepEqual([refused?.member.label, refused?.role, refused?.target], ['grace@example.com', 'member', 'echo']);
});

test(`${kills} times kill -9 while calls are made, and every recorded call is in the log exactly once`, async () => {
  verifies('MV-README-007', 'MV-README-038');
  let answered = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const lane = async (n: number): Promise<void> => {
      try {
        const conversation = await open();
        for (let at = 0; ; at += 1) if (await conversation.call(`k${kill}l${n}n${at}`)) answered += 1;
      } catch {
        return;
      }
    };
    const before = answered;
    const lanes = [0, 1, 2, 3].map(lane);
    await eventually(() => answered >= before + 20, 'calls');
    await hub.kill();
    await Promise.all(lanes);
    await hub.restart();
  }
  const calls = await auditedCalls(answered);
  const messages = await pages<{ id: string }>('messages?method=tools%2Fcall&');
  assert.ok(messages.length >= answered);
  await eventually(
    async () => (await pages('audit/calls?method=tools%2Fcall&')).length === messages.length,
    'all calls',
  );
  const audited = (await pages<Call>('audit/calls?method=tools%2Fcall&')).map(({ message }) => message);
  assert.ok(calls.length <= audited.length);
  assert.deepEqual(audited.toSorted(), messages.map(({ id }) => id).toSorted());
  const checked = await verify(await exported());
  assert.equal(checked.code, 0, checked.out);
  const own = await ada.json<{ intact: boolean; calls: number }>(['audit', 'verify']);
  assert.equal(own.intact, true);
  assert.ok(own.calls >= messages.length);
});
