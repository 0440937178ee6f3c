import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { converse } from '@mcpvault/contract/mcp-client';
import { until } from './testing/until.ts';

const program = fileURLToPath(new URL('./testing/hub-process.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mcpvault-main-'));
const running = new Set<ChildProcess>();
after(async () => {
  for (const child of running) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
function newData(): string {
  return join(folder, `data-${++count}`);
}

interface Started {
  readonly child: ChildProcess;
  readonly data: string;
  output(): string;
  /** The exit code, once it has ended. */
  ended(): Promise<number | null>;
  url(): string;
}

function start(env: Record<string, string>, wrap: readonly string[] = []): Started {
  const data = env['MCPVAULT_DATA'] ?? newData();
  const [command, ...args] = [...wrap, process.execPath, program];
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(MCPVAULT_|DATABASE_URL|NODE_)/.test(name)),
  );
  const child = spawn(command, args, {
    env: { ...inherited, MCPVAULT_DATA: data, MCPVAULT_PORT: '0', MCPVAULT_EXAMPLE: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let output = '';
  const hear = async (stream: Readable | null) => {
    if (stream === null) return;
    for await (const text of stream.setEncoding('utf8')) output += text;
  };
  const exit = once(child, 'exit');
  // Not `close`: it does not come when it was this side that ended the channel.
  const over = Promise.all([exit, hear(child.stdout), hear(child.stderr)]);
  return {
    child,
    data,
    output: () => output,
    async ended() {
      await Promise.race([
        over,
        pause(30_000, undefined, { ref: false }).then(() => assert.fail(`it goes on:\n${output}`)),
      ]);
      return child.exitCode;
    },
    url: () => (JSON.parse(readFileSync(join(data, 'hub.json'), 'utf8')) as { url: string }).url,
  };
}

async function started(env: Record<string, string> = {}): Promise<Started> {
  const hub = start(env);
  await until(() => {
    if (hub.child.exitCode !== null) throw new Error(`the hub ended:\n${hub.output()}`);
    return hub.output().includes('Ctrl-C stops it');
  });
  return hub;
}

/** One sentence or two for people: no stack, no more than a line. */
async function refuses(hub: Started, said: RegExp, code = 1): Promise<void> {
  assert.equal(await hub.ended(), code, hub.output());
  assert.match(hub.output(), said);
  assert.ok(!/^\s+at /m.test(hub.output()), hub.output());
  if (code === 1) assert.equal(hub.output().trim().split('\n').length, 1, hub.output());
}

test('wrong settings end it with 2 and say every one of them', async () => {
  await refuses(
    start({ MCPVAULT_PORT: 'x', MCPVAULT_PROT: '1' }),
    /MCPVAULT_PORT should be.*|did you mean MCPVAULT_PORT/s,
    2,
  );
});

test('a port in use is said with its fix', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  try {
    await refuses(start({ MCPVAULT_PORT: String(port) }), new RegExp(`Port ${port} .*in use.*MCPVAULT_PORT`));
  } finally {
    server.close();
  }
});

test('a data folder that cannot be one is said with its fix', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  await refuses(start({ MCPVAULT_DATA: file }), /is a file.*MCPVAULT_DATA/);
  await refuses(start({ MCPVAULT_DATA: join(file, 'below') }), /part of its path is a file.*MCPVAULT_DATA/);
});

const ownMounts = ['unshare', '--user', '--map-root-user', '--mount'];
const canMount = spawnSync(ownMounts[0] ?? '', [...ownMounts.slice(1), 'true']).status === 0;
for (const [what, mount, said] of [
  ['read-only', 'mount -t tmpfs -o ro tmpfs "$MCPVAULT_DATA"', /read-only.*MCPVAULT_DATA/],
  [
    'full',
    'mount -t tmpfs -o size=64k tmpfs "$MCPVAULT_DATA" && (head -c 100000 /dev/zero > "$MCPVAULT_DATA/filler" 2> /dev/null || true)',
    /full.*MCPVAULT_DATA/,
  ],
] as const) {
  const skip = canMount ? false : 'this machine does not let an ordinary process mount a file system';
  test(`a data folder that is ${what} is said with its fix`, { skip }, async () => {
    const data = mkdtempSync(join(folder, `${what}-`));
    const wrap = [...ownMounts, 'sh', '-c', `${mount} && exec "$@"`, 'sh'];
    await refuses(start({ MCPVAULT_DATA: data }, wrap), said);
  });
}

test('a promise that fails and that nobody waits for is logged, and the hub goes on', async () => {
  const mistake = "process.on('SIGUSR2', () => void Promise.reject(new Error('nobody waits for this')))";
  const hub = await started({ NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(mistake)}` });
  hub.child.kill('SIGUSR2');
  await until(() => hub.output().includes('nobody waits for this'));
  assert.match(hub.output(), /a promise failed that nobody waited for/);
  assert.equal((await fetch(new URL('/readyz', hub.url()))).status, 200);
});

for (const [what, databaseUrl, said] of [
  ['is no URL', 'localhost/db', /DATABASE_URL/],
  ['leads nowhere', 'postgres://me:pa55word@127.0.0.1:9/db', /127\.0\.0\.1:9/],
  ['names another kind of database', 'mysql://me:pa55word@127.0.0.1/db', /postgres:\/\//],
] as const) {
  test(`a DATABASE_URL that ${what} is said with its fix, without the password`, async () => {
    const hub = start({ DATABASE_URL: databaseUrl });
    await refuses(hub, said);
    assert.ok(!hub.output().includes('pa55word'));
  });
}

test('it starts, says where it is, cannot be started twice on one folder, and stops when asked', async () => {
  const hub = await started();
  assert.match(hub.output(), /MCPVault is running/);
  assert.match(hub.output(), /\/setup#link=mcpl_/);
  assert.match(hub.output(), /"Authorization": "Bearer mcpv_/);
  assert.equal((await fetch(`${hub.url()}/readyz`)).status, 200);
  await refuses(start({ MCPVAULT_DATA: hub.data }), new RegExp(`process ${hub.child.pid}.*MCPVAULT_DATA`));
  hub.child.kill('SIGTERM');
  assert.equal(await hub.ended(), 0);
  assert.equal(existsSync(join(hub.data, 'hub.json')), false);

  const again = await started({ MCPVAULT_DATA: hub.data });
  assert.ok(!again.output().includes('mcpv_'));
  assert.match(again.output(), /\/setup#link=mcpl_/);
  again.child.disconnect();
  assert.equal(await again.ended(), 0);
  assert.match(again.output(), /its starter is gone/);
});

test('asked to stop, it is no longer ready, lets the calls under way finish, and then ends', async () => {
  const { hub, conversation } = await withSlowServer();
  const call = conversation.callTool('trigger-long-running-operation', { duration: 3, steps: 3 });
  await until(async () => (await hub.call('/mcp/servers/everything')).connections > 0);
  await pause(300);
  hub.child.kill('SIGTERM');
  await until(async () => (await fetch(`${hub.origin}/readyz`)).status === 503);
  const post = { method: 'POST', headers: { authorization: `Bearer ${hub.token}` } };
  await until(async () => (await fetch(`${hub.origin}/mcp`, post)).status === 503);
  assert.match((await call).content?.[0]?.text ?? '', /completed/i);
  assert.equal(await hub.ended(), 0);
});

test('asked a second time, it quits at once, and the next one starts without help', async () => {
  const { hub, conversation } = await withSlowServer();
  const call = conversation
    .callTool('trigger-long-running-operation', { duration: 60, steps: 2 })
    .catch(() => 'cut off');
  await pause(300);
  hub.child.kill('SIGINT');
  await until(async () => (await fetch(`${hub.origin}/readyz`)).status === 503);
  hub.child.kill('SIGINT');
  assert.equal(await hub.ended(), 130);
  assert.equal(await call, 'cut off');
  const again = await started({ MCPVAULT_DATA: hub.data });
  again.child.kill('SIGTERM');
  assert.equal(await again.ended(), 0);
});

/** A hub with the example, and a conversation with the server that has a tool that takes its time. */
async function withSlowServer() {
  const password = 'correct horse battery';
  const hub = await started({
    MCPVAULT_EXAMPLE: 'on',
    MCPVAULT_ADMIN_EMAIL: 'a@example.com',
    MCPVAULT_ADMIN_PASSWORD: password,
  });
  const origin = hub.url();
  const token = /Bearer (mcpv_\w+)/.exec(hub.output())?.[1] ?? assert.fail(hub.output());
  const credential = () => token;
  const client = { name: 'main-test', version: '1' };
  const conversation = await converse({ endpoint: `${origin}/mcp/everything`, credential, client });
  const call = async (path: string) => {
    const response = await fetch(`${origin}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    return (await response.json()) as { readonly connections: number };
  };
  return { hub: { ...hub, origin, token, call }, conversation };
}
