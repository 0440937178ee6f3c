// As whom the database runs. An ordinary user simply starts it. Root may not: PostgreSQL refuses to run with so much
// power, so it gets a user namespace in which root's files belong to somebody else, or the account `nobody`.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, chown, lstat, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '@mcpvault/domain/failure';
import { type Binaries, copyBinaries } from './binaries.ts';

export type AsRoot = 'user-namespace' | 'account';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface Output {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Launcher {
  /** Whom its files must belong to; null when that is whoever makes them. */
  readonly owner: Owner | null;
  /** Runs a program to its end. */
  run(program: string, args: readonly string[]): Promise<Output>;
  /** Starts a program that stays when the hub goes. Its output goes to the open file `log`. */
  start(program: string, args: readonly string[], log: number): ChildProcess;
}

export interface RunnableBinaries extends Binaries {
  readonly version: { readonly major: number; readonly text: string };
}

/** Finds a way in which the binaries run here. Throws `database_unavailable` when there is none. */
export async function chooseLauncher(
  found: Binaries,
  { home, ways = ['user-namespace', 'account'] }: { home: string; ways?: readonly AsRoot[] | undefined },
): Promise<{ launcher: Launcher; binaries: RunnableBinaries }> {
  if (process.getuid?.() !== 0) {
    const launcher = plainly();
    const version = await versionOf(found, launcher);
    if (version) return { launcher, binaries: { ...found, version } };
    throw cannotRun();
  }
  for (const way of ways) {
    const chosen = await (way === 'account' ? asAccount(found, home) : inNamespace(found, home));
    if (chosen) return chosen;
  }
  if (await versionOf(found, plainly())) throw cannotBeRoot();
  throw cannotRun();
}

/** Gives what lies at `path` to the launcher's owner, if it belongs to somebody else. */
export async function handOver(path: string, owner: Owner | null): Promise<void> {
  if (owner === null || (await lstat(path)).uid === owner.uid) return;
  await handOverAll(path, owner);
}

async function handOverAll(path: string, owner: Owner): Promise<void> {
  const entry = await lstat(path);
  if (entry.isSymbolicLink()) return;
  if (entry.isDirectory()) {
    for (const name of await readdir(path)) await handOverAll(join(path, name), owner);
  }
  await chown(path, owner.uid, owner.gid);
}

const root: Owner = { uid: 0, gid: 0 };

async function inNamespace(binaries: Binaries, home: string) {
  const prefix = ['-U', '--map-user=1000', '--map-group=1000'];
  const launcher: Launcher = {
    owner: root,
    run: (program, args) => run('unshare', [...prefix, program, ...args]),
    start: (program, args, log) => start('unshare', [...prefix, program, ...args], log),
  };
  const version = await versionOf(binaries, launcher);
  if (!version) return null;
  await chown(home, root.uid, root.gid);
  return { launcher, binaries: { ...binaries, version } };
}

async function asAccount(found: Binaries, home: string) {
  const owner = await nobody();
  if (!owner) return null;
  // Entering is all it needs of the directories above: they cannot be listed with this.
  await chmod(dirname(home), (await stat(dirname(home))).mode | 0o011);
  await chown(home, owner.uid, owner.gid);
  const binaries = found.package ? await copyBinaries(found.package, home) : found;
  if (found.package) await handOver(dirname(dirname(binaries.binDir)), owner);
  const launcher: Launcher = {
    owner,
    run: (program, args) => run(program, args, owner),
    start: (program, args, log) => start(program, args, log, owner),
  };
  const version = await versionOf(binaries, launcher);
  return version && { launcher, binaries: { ...binaries, version } };
}

function plainly(): Launcher {
  return { owner: null, run, start };
}

async function nobody(): Promise<Owner | null> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(accounts);
  return line ? { uid: Number(line[1]), gid: Number(line[2]) } : null;
}

async function versionOf(binaries: Binaries, launcher: Launcher): Promise<RunnableBinaries['version'] | null> {
  const { ok, stdout } = await launcher.run(join(binaries.binDir, 'postgres'), ['--version']);
  const text = /\(PostgreSQL\) (\S+)/.exec(stdout)?.[1];
  return ok && text ? { major: Number.parseInt(text, 10), text } : null;
}

/** Nothing of the hub's environment reaches the database, least of all its secrets. */
const surroundings = {
  cwd: '/',
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
};

async function run(program: string, args: readonly string[], owner?: Owner): Promise<Output> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...args], { ...surroundings, ...owner });
    return { ok: true, stdout, stderr };
  } catch (error) {
    const { stdout = '', stderr = String(error) } = error as { stdout?: string; stderr?: string };
    return { ok: false, stdout, stderr };
  }
}

function start(program: string, args: readonly string[], log: number, owner?: Owner): ChildProcess {
  const child = spawn(program, [...args], { ...surroundings, ...owner, detached: true, stdio: ['ignore', log, log] });
  child.unref();
  return child;
}

function cannotBeRoot(): Failure {
  return new Failure(
    'database_unavailable',
    'PostgreSQL does not run as root, and here it could neither be given a user namespace nor the account nobody. Start MCPVault as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function cannotRun(): Failure {
  return new Failure(
    'database_unavailable',
    'The embedded PostgreSQL does not run on this system (it needs glibc, which Alpine Linux lacks). Set DATABASE_URL to a PostgreSQL of your own.',
  );
}
