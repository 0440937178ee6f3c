// A lock between processes: a file that exists while one of them holds it. A holder that died is noticed by its process id,
// one on another machine (a shared home) by the age of its file.
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { CommandFailure } from '../command-failure.ts';
import type { Io } from '../io.ts';

const retryEvery = 25;
const staleAfter = 60_000;
const giveUpAfter = 30_000;
/** Makes the mark of each taking unique within this process. */
let taken = 0;

/** Runs `work` while no other process runs its own under the same path; the folder must exist. */
export async function withFileLock<T>(path: string, io: Io, work: () => Promise<T>): Promise<T> {
  taken += 1;
  const mark = `${io.machine.pid} ${taken} ${io.clock.now()}`;
  const deadline = io.clock.now() + giveUpAfter;
  while (!(await take(path, mark))) {
    await removeIfStale(path, io);
    if (io.clock.now() > deadline) {
      throw new CommandFailure('general', 'locked', `Another mcpvault has held ${path} for too long.`, {
        fix: 'If none is running, remove that file and try again.',
      });
    }
    await io.clock.sleep(retryEvery, io.interrupted);
    if (io.interrupted.aborted) throw new CommandFailure('interrupted', 'interrupted', 'Interrupted.');
  }
  try {
    return await work();
  } finally {
    if ((await holderOf(path)) === mark) await rm(path, { force: true });
  }
}

async function take(path: string, mark: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(mark);
    await file.close();
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Moves the file away before judging it, so that two processes that see the same dead holder cannot both remove it. */
async function removeIfStale(path: string, io: Io): Promise<void> {
  const holder = await holderOf(path);
  if (holder === undefined || !(await isStale(path, holder, io))) return;
  const aside = `${path}.${io.machine.pid}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  // Someone else cleared the stale one and took the lock in between: give it back.
  if ((await holderOf(aside)) !== holder) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isStale(path: string, holder: string, io: Io): Promise<boolean> {
  const pid = Number(holder.split(' ')[0]);
  const age = await stat(path).then(
    (found) => io.clock.now() - found.mtimeMs,
    () => 0,
  );
  if (age > staleAfter) return true;
  // An empty file is a holder between creating it and writing its name.
  return Number.isInteger(pid) && pid > 0 && !io.machine.isRunning(pid);
}

function holderOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
