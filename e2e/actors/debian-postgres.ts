// A PostgreSQL server of the distribution on a free loopback port, as an organization would bring its own. Its data lies in
// a temporary folder and goes when it stops; no cluster that exists already is touched.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OwnPostgres {
  /** A connection URL with a password, of a superuser on the database `postgres`. */
  readonly url: string;
  stop(): Promise<void>;
}

const password = 'only-for-tests';

/** null where the distribution's PostgreSQL is not installed. */
export async function startDebianPostgres(): Promise<OwnPostgres | null> {
  const bin = process.env['MCPVAULT_TEST_PG_BIN'] ?? '/usr/lib/postgresql/15/bin';
  if (!existsSync(join(bin, 'initdb'))) return null;
  const folder = await mkdtemp(join(tmpdir(), 'mcpvault-pg-'));
  const data = join(folder, 'data');
  const secret = join(folder, 'password');
  await writeFile(secret, password, { mode: 0o600 });
  const init = run(bin, 'initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '-A',
    'scram-sha-256',
    `--pwfile=${secret}`,
    '--no-sync',
  ]);
  await finished(init);
  const port = await freePort();
  const server = run(bin, 'postgres', [
    '-D',
    data,
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-k',
    folder,
    '-c',
    'fsync=off',
  ]);
  await ready(server);
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses root: there it runs as another user of its own user namespace. */
function run(bin: string, program: string, args: readonly string[]): ChildProcess {
  const root = process.getuid?.() === 0;
  const command = root ? 'unshare' : join(bin, program);
  const all = root ? ['-U', '--map-user=1000', '--map-group=1000', join(bin, program), ...args] : args;
  return spawn(command, all, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  });
}

async function finished(child: ChildProcess): Promise<void> {
  let said = '';
  child.stdout?.resume();
  child.stderr?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`initdb ended with ${String(code)}: ${said}`);
}

async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  child.stdout?.resume();
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`postgres ended with ${String(code)}: ${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
