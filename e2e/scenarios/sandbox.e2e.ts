// What the process of a server in a sandbox cannot reach: files that nobody allowed, the hub's own, other sessions, the
// network; and how much of the machine it may use. And what is said where there is no sandbox to be had.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type BareClient, createBareClient } from '../actors/bare-client.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import { actor } from '../actors/memory-gateway.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const program = fileURLToPath(new URL('../..', import.meta.url));
const namespaces = ['--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc'];
const possible = spawnSync('bwrap', [...namespaces, 'true']).status === 0;
const withSandbox = {
  skip:
    !possible &&
    process.env['CI'] !== 'true' &&
    'bubblewrap is missing, or this machine does not let it make sandboxes',
};

interface Shown {
  readonly status: string;
  readonly reason: string | null;
  readonly confinement: { readonly state: string; readonly missing: readonly string[] };
  readonly running: readonly { readonly confinement: { readonly state: string } }[];
}

let hub: Hub;
let token: string;
let folder: string;
const clients: BareClient[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpvault-sandbox-'));
  for (const name of ['read', 'write', 'secret']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'file'), `what is in ${name}`);
  }
  await symlink(join(folder, 'secret', 'file'), join(folder, 'read', 'link'));
  hub = await startHub();
  token = (await hub.createToken()).token;
});

after(async () => {
  for (const client of clients) client.close();
  await hub?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Adds a server that does as it is told, and opens a session with it. */
async function open(name: string, sandbox: object, more: Readonly<Record<string, unknown>> = {}): Promise<BareClient> {
  await add(hub, name, sandbox, more);
  await shown(hub, name, 'ready');
  return session(name);
}

async function session(name: string): Promise<BareClient> {
  const client = createBareClient(hub.mcp(name), token);
  clients.push(client);
  await client.open();
  return client;
}

async function add(
  where: Hub,
  name: string,
  sandbox: object,
  { isolation = 'per-session', ...more }: Record<string, unknown> = {},
) {
  const read = [program, join(folder, 'read')];
  const transport = {
    type: 'stdio',
    command: process.execPath,
    args: [actor('obedient-server.ts')],
    env: { OWN: name, FOLDER: folder },
  };
  const processes = { sandbox: { mode: 'required', read, write: [join(folder, 'write')], ...sandbox }, ...more };
  await where.api('POST', '/api/v1/mcp/servers', { name, transport, isolation, processes });
}

async function shown(where: Hub, name: string, status: string): Promise<Shown> {
  let found: Shown | undefined;
  await eventually(async () => {
    found = await where.api<Shown>('GET', `/api/v1/mcp/servers/${name}`);
    return found.status === status;
  }, `${name} being ${status}`);
  assert.ok(found);
  return found;
}

/** Processes of this scenario that have this in their environment. */
function processesWith(variable: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      return environment.includes(variable) && environment.includes(`FOLDER=${folder}`);
    } catch {
      return false;
    }
  }).length;
}

/** What a piece of JavaScript gave in the server's process, or the code of what it threw. */
async function run(client: BareClient, code: string): Promise<string> {
  const { message, body } = await client.call('tools/call', { name: 'run', arguments: { code } });
  assert.ok(message?.result !== undefined, body.toString());
  return textOf(message.result);
}

const reading = (path: string) => `fs.readFileSync(${JSON.stringify(path)}, 'utf8')`;
const writing = (path: string) => `fs.writeFileSync(${JSON.stringify(path)}, 'changed') ?? 'written'`;

describe('a process in a sandbox', withSandbox, () => {
  test('reads and writes what was allowed, and finds nothing else', async () => {
    verifies('CP-063');
    const one = await open('files', {});
    assert.equal((await shown(hub, 'files', 'ready')).confinement.state, 'sandboxed');
    assert.equal(await run(one, reading(join(folder, 'read', 'file'))), 'what is in read');
    assert.equal(await run(one, writing(join(folder, 'write', 'new'))), 'written');
    assert.equal(await readFile(join(folder, 'write', 'new'), 'utf8'), 'changed');
    assert.equal(await run(one, writing(join(folder, 'read', 'file'))), 'EROFS');
    assert.equal(await run(one, writing('/usr/bin/new')), 'EROFS');
    assert.equal(await run(one, writing('/new')), 'EROFS');
    for (const path of [
      join(folder, 'secret', 'file'),
      join(folder, 'read', 'link'),
      '/etc/shadow',
      '/root',
      hub.data,
    ]) {
      assert.equal(await run(one, reading(path)), 'ENOENT', path);
    }
    assert.equal(await run(one, writing('/tmp/of-the-sandbox')), 'written');
    await assert.rejects(readFile('/tmp/of-the-sandbox'), 'its /tmp is its own');
    assert.equal(await run(one, writing('kept')), 'written');
    assert.equal(await run(one, 'process.cwd()'), '/home');
  });

  test('sees no file of the hub, even when all around it was allowed', async () => {
    const one = await open('around', { read: ['/'], write: [] });
    assert.equal(await run(one, `fs.readdirSync(${JSON.stringify(hub.data)}).length`), '0');
    assert.equal(await run(one, reading(join(folder, 'secret', 'file'))), 'what is in secret');
  });

  test('sees neither the processes nor the memory, files and environment of another session', async () => {
    verifies('CP-062');
    const one = await open('apart', { read: [program], write: [] });
    const two = await session('apart');
    await run(
      one,
      "globalThis.secret = 'of one'; fs.writeFileSync('/tmp/secret', 'of one'); process.env.SECRET = 'of one'; 1",
    );
    assert.equal(await run(two, 'String(globalThis.secret)'), 'undefined');
    assert.equal(await run(two, reading('/tmp/secret')), 'ENOENT');
    assert.equal(await run(two, 'String(process.env.SECRET)'), 'undefined');
    const pids = "fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length";
    assert.ok(Number(await run(two, pids)) <= 4, 'only its own processes');
    assert.equal(
      await run(
        two,
        `String(Object.keys(process.env).some((name) => /^(DATABASE_URL|MCPVAULT_(?!PROCESS))/.test(name)))`,
      ),
      'false',
    );
  });

  test('reaches the network only where that was allowed', async () => {
    const listener = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const code = `new Promise((resolve) => net.connect(${port}, '127.0.0.1', () => resolve('connected')).on('error', (error) => resolve(error.code)))`;
    try {
      assert.equal(await run(await open('offline', { network: false }), code), 'ECONNREFUSED');
      assert.equal(await run(await open('online', { network: true }), code), 'connected');
    } finally {
      listener.close();
    }
  });

  test('is ended when it takes more processor time than it may, and the next call finds another', async () => {
    const one = await open('spinning', {}, { isolation: 'shared', limits: { cpuSeconds: 2 } });
    const pid = 'String(process.pid + "-" + performance.timeOrigin)';
    const before = await run(one, pid);
    const spun = await one.call('tools/call', { name: 'run', arguments: { code: 'for (;;);' } });
    assert.match(
      spun.message?.error?.message ?? '',
      /"spinning" ended: it used more processor time than the 2 s that it may/,
    );
    await eventually(async () => {
      const { message } = await one.call('tools/call', { name: 'run', arguments: { code: pid } });
      return message?.result !== undefined && textOf(message.result) !== before;
    }, 'another process');
  });

  test('gets no more memory and no more processes than it may have', async () => {
    verifies('CP-092');
    const hog = 'let all = []; for (let i = 0; i < 400; i++) all.push(Buffer.alloc(4 << 20, 1)); String(all.length)';
    const one = await open('hungry', {}, { isolation: 'shared', limits: { memory: 256 } });
    const { message } = await one.call('tools/call', { name: 'run', arguments: { code: hog } });
    // Where there are no control groups it is told that there is no more, else it is ended.
    const told = message?.error?.message ?? textOf(message?.result ?? {});
    assert.match(told, /more memory than the 256 MiB that it may|ERR_MEMORY_ALLOCATION_FAILED|RangeError/);
    await add(hub, 'fertile', {}, { limits: { processes: 40 } });
    const { confinement } = await shown(hub, 'fertile', 'ready');
    const missing = confinement.missing.join();
    if (missing !== '') return assert.match(missing, /number of processes cannot be limited/);
    const many =
      "const { spawn } = process.getBuiltinModule('child_process'); let failed = 0;" +
      "for (let i = 0; i < 60; i++) spawn('sleep', ['5']).on('error', () => failed++);" +
      "new Promise((resolve) => setTimeout(() => resolve(failed > 0 ? 'some failed' : 'all began'), 1000))";
    return assert.equal(await run(await session('fertile'), many), 'some failed');
  });

  test('ends with the hub, however that ends', async () => {
    const one = await open('mortal', {});
    await run(one, "process.getBuiltinModule('child_process').spawn('sleep', ['600'], { detached: true }).pid");
    assert.ok(processesWith('OWN=mortal') >= 2);
    await hub.kill();
    await eventually(() => processesWith('OWN=mortal') === 0, 'the end of all that was in the sandbox');
    await hub.restart();
  });

  test('serves two members at once', async () => {
    verifies('CP-061');
    const one = await open('both', {}, { isolation: 'shared' });
    const two = await session('both');
    const [a, b] = await Promise.all([run(one, 'process.pid + " a"'), run(two, 'process.pid + " b"')]);
    assert.equal(a.split(' ')[0], b.split(' ')[0], 'one process');
    assert.deepEqual([a.split(' ')[1], b.split(' ')[1]], ['a', 'b']);
    assert.deepEqual(
      (await shown(hub, 'both', 'ready')).running.map(({ confinement }) => confinement.state),
      ['sandboxed'],
    );
  });
});

test('without bubblewrap a server that requires a sandbox does not run, one that prefers it does, and both say why', async () => {
  // A PATH on which there is everything but bubblewrap.
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const tool of ['sh', 'prlimit', 'node']) {
    const at = tool === 'node' ? process.execPath : `/usr/bin/${tool}`;
    await symlink(at, join(bin, tool));
  }
  await using bare = await startHub({ env: { PATH: bin } });
  await add(bare, 'required', {});
  const refused = await shown(bare, 'required', 'unavailable');
  assert.match(refused.reason ?? '', /in a sandbox only.*bubblewrap is missing.*apt-get install bubblewrap/);
  await add(bare, 'preferred', { mode: 'preferred' }, { limits: { callSeconds: 60 } });
  const open = await shown(bare, 'preferred', 'ready');
  assert.equal(open.confinement.state, 'limited');
  assert.match(open.confinement.missing.join(), /bubblewrap is missing/);
  await add(bare, 'off', { mode: 'off' });
  assert.deepEqual((await shown(bare, 'off', 'ready')).confinement, { state: 'open', missing: [] });
});
