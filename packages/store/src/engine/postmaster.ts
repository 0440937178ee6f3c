// Starting, finding and ending the server process of a cluster. PostgreSQL keeps a file in the cluster that says which
// process serves it, where its socket lies and whether it is ready; that file is all this goes by.
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@mcpvault/domain/failure';
import type { Log } from '../log.ts';
import { outputFailure } from './directory.ts';
import type { Launcher, RunnableBinaries } from './launcher.ts';
import { isAlive, mayServe, processesIn } from './process-state.ts';
import { answers } from './own-connection.ts';
import { settingsFor } from './settings.ts';

export interface Postmaster {
  readonly pid: number;
  readonly socketDirectory: string;
}

export interface StartDeps {
  readonly home: string;
  readonly cluster: string;
  readonly binaries: RunnableBinaries;
  readonly launcher: Launcher;
  readonly socketDirectory: string;
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly log: Log;
}

/** Replaying a long log after a crash takes its time; beyond this something else is wrong. */
const startLimitMs = 300_000;
const stopLimitMs = 30_000;

/** Answers when the server accepts connections. Throws `database_unavailable` with what it wrote when it gave up. */
export async function startPostmaster(deps: StartDeps): Promise<Postmaster> {
  const { cluster, binaries, launcher, socketDirectory, home } = deps;
  const logFile = join(home, 'postgres.log');
  const written = await trim(logFile);
  const file = openSync(logFile, 'a', 0o600);
  const child = launcher.start(
    join(binaries.binDir, 'postgres'),
    ['-D', cluster, ...settingsFor({ major: binaries.version.major, socketDirectory, extra: deps.settings })],
    file,
  );
  closeSync(file);
  const ended = new Promise<'ended'>((resolve) => {
    child.once('exit', () => resolve('ended'));
    child.once('error', () => resolve('ended'));
  });
  const ready = await Promise.race([ended, untilReady(cluster, child.pid, deps.log)]);
  if (ready !== 'ended' && ready !== null) return ready;
  if (child.pid !== undefined && isAlive(child.pid)) process.kill(child.pid, 'SIGQUIT');
  throw await whyNot(logFile, written, cluster, home);
}

/** The server that already serves this cluster, if there is one that answers. */
export async function adopt(cluster: string, log: Log): Promise<Postmaster | null> {
  for (let tries = 0; tries < 50; tries += 1) {
    const found = await readPidFile(cluster);
    if (!found || !isAlive(found.pid) || !mayServe(found.pid, cluster)) break;
    const ready = await untilReady(cluster, found.pid, log);
    if (ready && (await answers(ready.socketDirectory))) return ready;
    await sleep(100);
  }
  await endLeftover(cluster);
  await clearAway(cluster);
  return null;
}

const leftoverLimitMs = 10_000;

/**
 * Removes the file of a server that is gone: its number may belong to another program by now, or to a process that nobody
 * has buried, and the next server would refuse to start over it. What worked for that server has to be gone as well.
 */
async function clearAway(cluster: string): Promise<void> {
  for (let waited = 0; processesIn(cluster).length > 0; waited += 10) {
    if (waited === leftoverLimitMs) for (const pid of processesIn(cluster)) process.kill(pid, 'SIGQUIT');
    if (waited > 2 * leftoverLimitMs) return;
    await sleep(10);
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
}

/** Ends it in good order: open transactions are rolled back, everything committed is on disk. */
export async function stopPostmaster(pid: number, log: Log): Promise<void> {
  if (await ends(pid, 'SIGINT', stopLimitMs)) return;
  log.warn({ pid }, 'the embedded database did not stop in time and is being ended; it will recover at the next start');
  await ends(pid, 'SIGQUIT', stopLimitMs);
}

/** Ends whatever server a hub that is gone left running on this cluster, at once. */
export async function endLeftover(cluster: string): Promise<void> {
  const found = await readPidFile(cluster);
  if (found && isAlive(found.pid) && mayServe(found.pid, cluster)) await ends(found.pid, 'SIGQUIT', stopLimitMs);
}

async function ends(pid: number, signal: NodeJS.Signals, limitMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return true;
  }
  for (let waited = 0; waited < limitMs; waited += 10) {
    if (!isAlive(pid)) return true;
    await sleep(10);
  }
  return false;
}

/** null when the process is gone, or is on its way out, or is not ready in time. */
async function untilReady(cluster: string, pid: number | undefined, log: Log): Promise<Postmaster | null> {
  for (let waited = 0; waited < startLimitMs; waited += 10) {
    if (pid === undefined || !isAlive(pid)) return null;
    const state = await readPidFile(cluster);
    if (state?.pid === pid && state.status === 'ready') return state;
    if (state?.pid === pid && state.status === 'stopping') await sleep(50);
    if (waited > 0 && waited % 10_000 === 0) log.info({ pid }, 'the embedded database is still starting');
    await sleep(10);
  }
  return null;
}

interface PidFile extends Postmaster {
  readonly status: string;
}

/** Lines: pid, cluster, start time, port, socket directory, address, shared memory, status. */
async function readPidFile(cluster: string): Promise<PidFile | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!Number.isInteger(pid)) return { pid: 0, socketDirectory: '', status: '' };
  return { pid: Math.abs(pid), socketDirectory: lines[4] ?? '', status: lines[7]?.trim() ?? '' };
}

const longestLogBytes = 10 * 1024 * 1024;

/** Keeps the server's own log, and one before it, within bounds. Answers its length. */
async function trim(logFile: string): Promise<number> {
  const size = await stat(logFile).then(
    (entry) => entry.size,
    () => 0,
  );
  if (size <= longestLogBytes) return size;
  await rename(logFile, `${logFile}.1`);
  return 0;
}

async function whyNot(logFile: string, written: number, cluster: string, home: string): Promise<Failure> {
  const output = (await readFile(logFile)).subarray(written).toString();
  const known = outputFailure(output, home);
  if (known) return known;
  const lines = output.split('\n').filter((line) => /(FATAL|PANIC): {2}/.test(line));
  const why = lines[0]?.replace(/^.*?(FATAL|PANIC): {2}/, '') ?? output.trim().split('\n').at(-1) ?? '';
  return new Failure(
    'database_unavailable',
    `The embedded database in ${cluster} does not start: ${why || 'it gave no reason'}. More is in ${logFile}. If it is damaged, restore it from a backup, or move it away to begin with an empty one.`,
  );
}
