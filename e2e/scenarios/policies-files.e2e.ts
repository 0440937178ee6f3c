// Policies kept as files: a repository is applied to a real hub, compared with it, and what it does not name is pruned.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createBareClient } from '../actors/bare-client.ts';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { type ScriptedHttp, startScriptedHttp } from '../actors/scripted-http.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

let server: ScriptedHttp;
let hub: Hub;
let ada: CommandLine;
let folder: string;

before(async () => {
  server = await startScriptedHttp();
  hub = await startHub();
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'up', transport: { type: 'streamable-http', url: server.url } });
  ada = await commandLine(hub.url);
  const login = ['login', '--email', admin.email, '--password-stdin'];
  assert.equal((await ada.run(login, { input: admin.password })).code, 0);
  folder = await mkdtemp(join(tmpdir(), 'mcpvault-policies-'));
});
after(async () => {
  await ada?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await server?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const first = `# Kept in a repository.
name: No forbidden tool
reason: It is forbidden.
severity: high
scope: { servers: [up] }
condition: tool.name == "forbidden"
actions: [{ type: refuse, message: Not this one. }]
tests:
  - name: the tool
    given: { tool: forbidden }
    expect: { outcome: refused }
  - name: another
    given: { tool: allowed }
    expect: { outcome: not_matched }
---
name: Only watched
reason: We want to know.
mode: shadow
actions: [{ type: alert }]
`;

interface Step {
  readonly name: string;
  readonly does: string;
}

const write = async (name: string, text: string) => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};
const plan = (steps: readonly Step[]) => Object.fromEntries(steps.map(({ name, does }) => [name, does]));
const there = async () => {
  const { items } = await hub.api<{ items: { name: string; version: number; mode: string }[] }>(
    'GET',
    '/api/v1/policies/definitions',
  );
  return Object.fromEntries(items.map(({ name, version, mode }) => [name, `${mode} ${version}`]));
};

async function callForbidden(): Promise<string> {
  const client = createBareClient(hub.mcp('up'), (await hub.createToken()).token);
  await client.open();
  const answer = JSON.stringify(await client.call('tools/call', { name: 'forbidden', arguments: {} }));
  client.close();
  return answer;
}

test('files are applied: first shown, then done, and what they say holds from the next message on', async () => {
  verifies('MV-REQ-071', 'MV-README-015');
  const file = await write('policies.yaml', first);
  assert.doesNotMatch(await callForbidden(), /Not this one/);
  const shown = await ada.json<Step[]>(['policies', 'apply', file, '--dry-run']);
  assert.equal(plan(shown)['No forbidden tool'], 'add');
  assert.equal((await there())['No forbidden tool'], undefined, 'showing changes nothing');
  const done = await ada.json<Step[]>(['policies', 'apply', file]);
  assert.deepEqual([plan(done)['No forbidden tool'], plan(done)['Only watched']], ['add', 'add']);
  assert.match(await callForbidden(), /Not this one/);
});

test('applying the same files again changes nothing, and a difference ends with 1', async () => {
  const file = join(folder, 'policies.yaml');
  const same = await ada.json<Step[]>(['policies', 'apply', file]);
  assert.equal(plan(same)['No forbidden tool'], 'keep');
  assert.equal((await there())['No forbidden tool'], 'enforce 1');
  assert.equal((await ada.run(['policies', 'diff', file])).code, 0);
  const changed = await write('changed.yaml', first.replace('mode: shadow', 'mode: enforce'));
  const { code, out } = await ada.run(['policies', 'diff', changed]);
  assert.equal(code, 1);
  assert.match(out, /~ would change Only watched/);
  assert.match(out, /- mode: shadow/);
  assert.match(out, /\+ mode: enforce/);
});

test('a change is a version, and pruning removes what no file names, after asking', async () => {
  const [policy] = first.split('---\n');
  const file = await write('policies.yaml', String(policy).replace('severity: high', 'severity: critical'));
  const kept = await ada.json<Step[]>(['policies', 'apply', file]);
  assert.deepEqual(plan(kept)['Only watched'], 'leave');
  assert.equal((await there())['No forbidden tool'], 'enforce 2');
  const pruned = await ada.json<Step[]>(['policies', 'apply', file, '--prune', '--yes']);
  assert.equal(plan(pruned)['Only watched'], 'remove');
  assert.deepEqual(await there(), { 'No forbidden tool': 'enforce 2' });
});

test('what the hub exports is what a file applies: there and back is no change', async () => {
  const { out } = await ada.run(['policies', 'export']);
  const file = await write('exported.yaml', out);
  assert.equal((await ada.run(['policies', 'diff', file])).code, 0);
  assert.match(out, /servers:\n\s+- up|servers: \[ ?up ?\]/, 'servers go by their names');
});

test('files that are wrong change nothing, and say where', async () => {
  const before = await there();
  const wrong = await write('wrong.yaml', first.replace('tool.name ==', 'tool.nome =='));
  const test = await ada.run(['policies', 'test', wrong]);
  assert.equal(test.code, 1);
  assert.match(test.out, /no member “nome”/);
  assert.notEqual((await ada.run(['policies', 'apply', wrong])).code, 0);
  const failing = await write('failing.yaml', first.replace('outcome: not_matched', 'outcome: refused'));
  assert.match((await ada.run(['policies', 'test', failing])).out, /failed: another: expected refused/);
  const nowhere = await write('nowhere.yaml', first.replace('servers: [up]', 'servers: [down]'));
  const unknown = await ada.run(['policies', 'apply', nowhere]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /names the server “down”, and there is none/);
  assert.deepEqual(await there(), before);
});
