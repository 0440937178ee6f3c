// Alerts of policies through the real hub: once for what is the same, with all that is needed to understand them and without
// what was found, told over mail and web addresses, from the command line worked off, and still there after a kill.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SMTPServer } from 'smtp-server';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { eventually } from '../actors/eventually.ts';
import { startKillable } from '../actors/killable.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));
const webhookServer = fileURLToPath(new URL('../actors/webhook-server.ts', import.meta.url));
const secret = `ghp_${'a1B2c3D4'.repeat(4)}e5F6`;

let hub: Hub;
let ada: CommandLine;
let folder: string;
let call: (id: number, text: string) => Promise<string>;
const mails: { readonly to: readonly string[]; readonly text: string }[] = [];
const smtp = new SMTPServer({
  ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false },
  async onData(stream, session, done) {
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
    done();
  },
});

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpvault-alerts-'));
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  hub = await startHub({
    env: {
      MCPVAULT_PRIVATE_NETWORKS: '127.0.0.0/8',
      MCPVAULT_SMTP_URL: `smtp://127.0.0.1:${port}?tls=off`,
      MCPVAULT_MAIL_FROM: 'MCPVault <vault@example.com>',
    },
  });
  ada = await commandLine(hub.url);
  const { code, err } = await ada.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  assert.equal(code, 0, err);
  const transport = { type: 'stdio', command: process.execPath, args: [rude, 'echo'] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'echo', transport, isolation: 'shared' });
  await hub.api('POST', '/api/v1/policies/definitions', {
    ...{ name: 'Tokens are seen', reason: 'Tokens belong in the vault.', severity: 'high', detectors: ['secrets'] },
    actions: [
      { type: 'redact', style: 'label' },
      { type: 'alert', title: 'A token was sent' },
    ],
  });
  const { token } = await hub.createToken();
  call = await caller(token);
});
after(async () => {
  await ada?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await new Promise<void>((resolve) => smtp.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function caller(token: string) {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  };
  const send = (body: object): Promise<Response> =>
    fetch(hub.mcp('echo'), { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
  const clientInfo = { name: 'cursor', version: '1.2' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  const opened = await send({ id: 0, method: 'initialize', params });
  await opened.text();
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id') ?? '';
  return async (id: number, text: string) =>
    (await send({ id, method: 'tools/call', params: { name: 'echo', arguments: { text } } })).text();
}

interface Shown {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly count: number;
  readonly severity: string;
}

const alerts = async (...more: string[]) =>
  (await ada.json<{ items: Shown[] }>(['alerts', 'list', '--kind', 'policy', ...more])).items;

test('a policy’s alert is there once with its messages, complete, without the secret, and when the policy is gone', async () => {
  verifies('MV-README-142');
  for (let id = 1; id <= 3; id += 1) assert.match(await call(id, `the token is ${secret}`), /redacted/);
  await eventually(async () => (await alerts())[0]?.count === 3, 'the alert');
  const [alert, ...others] = await alerts();
  assert.ok(alert);
  assert.deepEqual(others, []);
  assert.deepEqual([alert.title, alert.severity, alert.state], ['A token was sent', 'high', 'open']);
  const { items: policies } = await hub.api<{ items: { id: string }[] }>('GET', '/api/v1/policies/definitions');
  await hub.api('DELETE', `/api/v1/policies/${policies[0]?.id}`);
  const whole = JSON.stringify(await hub.api('GET', `/api/v1/alerts/${alert.id}`));
  assert.equal(whole.includes(secret), false);
  assert.equal(whole.includes('a1B2c3D4'), false);
  const { snapshot, messages } = JSON.parse(whole) as {
    snapshot: {
      policy: { name: string; version: number; reason: string };
      places: { pointer: string }[];
      edits: unknown[];
    };
    messages: string[];
  };
  assert.deepEqual(
    [snapshot.policy.name, snapshot.policy.version, snapshot.policy.reason],
    ['Tokens are seen', 1, 'Tokens belong in the vault.'],
  );
  assert.equal(snapshot.places[0]?.pointer, '/params/arguments/text');
  assert.equal(snapshot.edits.length, 1);
  assert.equal(messages.length, 3);
  await hub.api('GET', `/api/v1/messages/${messages[0]}`);
});

test('people are told by mail and at a web address, once each, though the hub is killed and the receiver is away', async (t) => {
  const file = join(folder, 'taken');
  const create = (name: string, transport: object) =>
    hub.api<{ route: { id: string }; secret: string }>('POST', '/api/v1/alert-routes', { name, transport });
  await create('mail', { type: 'email', to: ['oncall@example.com'] });
  const { secret: signing } = await create('hook', { type: 'webhook', url: 'http://127.0.0.1:1/' });
  await hub.api('POST', '/api/v1/policies/definitions', {
    ...{ name: 'Drops are seen', reason: 'Drops are looked at.', severity: 'critical', directions: ['call'] },
    ...{ condition: 'arguments.text.contains("drop")', actions: [{ type: 'alert', title: 'Somebody drops' }] },
  });
  await call(10, 'drop it');
  // What is wrong with the hub itself may be told before.
  const told = () => mails.find(({ text }) => /\[critical\] Somebody drops/.test(text));
  await eventually(() => told() !== undefined, 'the mail');
  assert.deepEqual(told()?.to, ['oncall@example.com']);
  await hub.kill();
  await hub.restart();
  const receiver = await startKillable(webhookServer, [signing, file]);
  t.after(() => receiver.kill());
  const routes = await hub.api<{ items: { id: string; name: string }[] }>('GET', '/api/v1/alert-routes');
  const hook = routes.items.find(({ name }) => name === 'hook');
  const transport = { type: 'webhook', url: `http://127.0.0.1:${receiver.port}/` };
  await hub.api('PUT', `/api/v1/alert-routes/${hook?.id}`, { name: 'hook', transport });
  const taken = async () =>
    (await readFile(file, 'utf8').catch(() => ''))
      .trim()
      .split('\n')
      .filter((line) => line !== '');
  const isTold = (line: string): boolean => /"type":"alert.raised".*Somebody drops/.test(line);
  await eventually(async () => (await taken()).some(isTold), 'the web address');
  const tested = await hub.api<{ taken: boolean }>('POST', `/api/v1/alert-routes/${hook?.id}/test`);
  assert.equal(tested.taken, true);
  await receiver.kill();
  const refused = await hub.api<{ taken: boolean; why: string }>('POST', `/api/v1/alert-routes/${hook?.id}/test`);
  assert.equal(refused.taken, false);
  assert.match(refused.why, /could not be reached/);
});

test('alerts are worked off from the command line', async () => {
  const [alert] = await alerts('--search', 'drops');
  assert.ok(alert);
  assert.equal((await ada.run(['alerts', 'ack', alert.id, '-m', 'Looking'])).code, 0);
  assert.equal((await ada.run(['alerts', 'resolve', alert.id])).code, 0);
  const shown = await ada.run(['alerts', 'show', alert.id]);
  assert.match(shown.out, /Somebody drops/);
  assert.match(shown.out, /admin@example\.com made it acknowledged, gave it to admin@example\.com, said: Looking/);
  assert.deepEqual(await alerts('--search', 'drops'), []);
  assert.equal((await ada.run(['alerts', 'resolve', alert.id])).code, 1);
});
