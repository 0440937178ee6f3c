import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '@mcpvault/domain/failure';
import { codeOf } from '../database-failure.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one that uses the directory. The lock is one of the operating system, taken on `hub.lock`
 * through SQLite: it ends with its process however that ends, so there are no stale ones, and it holds between containers
 * that share the directory too. `hub.pid` only serves the message. Throws `database_unavailable` when another holds it.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const pidFile = join(directory, 'hub.pid');
  const lock = await take(join(directory, 'hub.lock'), pidFile, directory);
  try {
    await writeFile(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    async release() {
      if (!lock.isOpen) return;
      await rm(pidFile, { force: true });
      lock.close();
    },
  };
}

async function take(lockFile: string, pidFile: string, directory: string): Promise<DatabaseSync> {
  // SQLite says only that it cannot open a file; this says why.
  await writeFile(lockFile, '', { flag: 'a', mode: 0o600 });
  const lock = new DatabaseSync(lockFile);
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if (codeOf(error) !== 'ERR_SQLITE_ERROR') throw error;
    const pid = (await readFile(pidFile, 'utf8').catch(() => '')).trim();
    throw new Failure(
      'database_unavailable',
      `Another MCPVault${pid && ` (process ${pid})`} is using ${directory}. Stop it, or set MCPVAULT_DATA to another directory.`,
      { pid: Number(pid) || null },
    );
  }
}
