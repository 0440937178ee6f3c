// Audit events leave for a syslog server over TLS and for a web address as they happen, and none is missing after either side
// was killed in the middle, more than once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { eventually } from '../actors/eventually.ts';
import { startKillable } from '../actors/killable.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';

const syslogServer = fileURLToPath(new URL('../actors/syslog-server.ts', import.meta.url));
const webhookServer = fileURLToPath(new URL('../actors/webhook-server.ts', import.meta.url));

let hub: Hub;
let ada: CommandLine;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpvault-destinations-'));
  hub = await startHub({ env: { MCPVAULT_PRIVATE_NETWORKS: '127.0.0.0/8' } });
  ada = await commandLine(hub.url);
  const { code, err } = await ada.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  assert.equal(code, 0, err);
});
after(async () => {
  await ada?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface State {
  readonly is: string;
  readonly lag: number;
  readonly problem: { readonly why: string; readonly fix: string | null } | null;
}

async function stateOf(name: string): Promise<State> {
  const { items } = await ada.json<{ items: { name: string; state: State }[] }>(['audit', 'destinations', 'list']);
  const found = items.find((item) => item.name === name);
  assert.ok(found, name);
  return found.state;
}

/** Ids of the teams made, in order. */
async function makeTeams(count: number, prefix: string): Promise<string[]> {
  const made: string[] = [];
  for (let n = 0; n < count; n += 1) {
    made.push((await hub.api<{ id: string }>('POST', '/api/v1/teams', { name: `${prefix}${n}` })).id);
  }
  return made;
}

function linesOf(file: string): unknown[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

/** In the order in which they first came; whatever came again is left out. */
function once(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}

async function untilCurrent(name: string): Promise<void> {
  await eventually(async () => (await stateOf(name)).is === 'current', `${name} having everything`);
}

test('a syslog server over TLS has every event after it, and the hub, were killed in the middle', async () => {
  const [key, certificate, kept] = ['key.pem', 'certificate.pem', 'syslog.jsonl'].map((name) => join(folder, name));
  assert.ok(key && certificate && kept);
  const names = ['-subj', '/CN=siem', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const keys = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...keys, ...names, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  await using siem = await startKillable(syslogServer, [key, certificate, kept]);
  const address = `tls://127.0.0.1:${siem.port}`;
  const add = ['audit', 'destinations', 'add', 'siem', '--syslog', address, '--format', 'ocsf', '--action', 'teams.*'];
  const added = await ada.run([...add, '--calls', 'none']);
  assert.equal(added.code, 0, added.err);
  const untrusted = await ada.run(['audit', 'destinations', 'test', 'siem']);
  assert.equal(untrusted.code, 1);
  assert.match(untrusted.out, /the certificate is not trusted \(\w+\)\. Give the certificate/);
  assert.equal((await ada.run(['audit', 'destinations', 'remove', 'siem', '--yes'])).code, 0);
  assert.equal((await ada.run([...add, '--calls', 'none', '--ca', certificate])).code, 0);
  const tested = await ada.run(['audit', 'destinations', 'test', 'siem']);
  assert.equal(tested.code, 0, tested.out);

  const made = await makeTeams(5, 'a');
  await untilCurrent('siem');
  await siem.kill();
  made.push(...(await makeTeams(5, 'b')));
  await eventually(async () => (await stateOf('siem')).is === 'failing', 'the failure being shown');
  const { problem, lag } = await stateOf('siem');
  assert.match(problem?.why ?? '', /nobody listens there/);
  assert.match(problem?.fix ?? '', /Start the receiver/);
  assert.ok(lag >= 5);
  await hub.kill();
  await siem.start();
  await hub.restart();
  made.push(...(await makeTeams(5, 'c')));
  await untilCurrent('siem');
  const told = linesOf(kept).map((message) => {
    const [, head = '', body = ''] = /^(<\d+>1 \S+ \S+ mcpvault - \S+ - )\uFEFF(.*)$/su.exec(String(message)) ?? [];
    const { class_uid, metadata, resources } = JSON.parse(body) as {
      class_uid: number;
      metadata: { version: string };
      resources: { uid: string }[];
    };
    assert.deepEqual([class_uid, metadata.version], [6003, '1.8.0']);
    return { head, id: resources[0]?.uid ?? '' };
  });
  assert.deepEqual(once(told.filter(({ head }) => head.includes(' teams.create ')).map(({ id }) => id)), made);
});

test('a web address has every event after it, and the hub, were killed in the middle, each signed', async () => {
  const kept = join(folder, 'webhooks.jsonl');
  const port = await freePort();
  const { secret } = await ada.json<{ secret: string }>([
    ...['audit', 'destinations', 'add', 'hook', '--webhook', `http://127.0.0.1:${port}/audit`],
    ...['--action', 'teams.create', '--calls', 'none'],
  ]);
  assert.match(secret, /^whsec_/);
  const made = await makeTeams(3, 'd');
  await eventually(async () => (await stateOf('hook')).is === 'failing', 'nobody listening being shown');
  await using hook = await startKillable(webhookServer, [secret, kept], port);
  await untilCurrent('hook');
  for (const [round, victim] of [hub, hook, hub, hook].entries()) {
    const making = makeTeams(6, `e${round}x`);
    if (victim === hook) {
      await hook.kill();
      made.push(...(await making));
      await hook.start();
    } else {
      made.push(...(await making));
      await hub.kill();
      await hub.restart();
    }
  }
  await untilCurrent('hook');
  const bodies = linesOf(kept) as { type: string; data: { events: { subject: string }[] } }[];
  assert.ok(bodies.every(({ type }) => type === 'audit.events'));
  const told = bodies.flatMap(({ data }) => data.events.map(({ subject }) => subject));
  assert.deepEqual(once(told), made);
  assert.equal(ada.everything().split(secret).length, 2, 'the secret is told once');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a place that may not be reached is refused when it is named, and nothing is sent there', async () => {
  const inside = await ada.run(['audit', 'destinations', 'add', 'cloud', '--webhook', 'http://169.254.169.254/latest']);
  assert.notEqual(inside.code, 0);
  assert.match(inside.err, /never asked/);
});
