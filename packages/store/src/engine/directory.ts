import { mkdir, open, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';
import { codeOf } from '../database-failure.ts';

/** Makes the directory, and what lies above it, for this user's eyes only. Answers its true path. */
export async function makeDirectory(path: string): Promise<string> {
  await makeWithParents(resolve(path));
  return realpath(path);
}

/** Not `mkdir` with `recursive`: that never ends where a file system denies a new name by saying ENOENT. */
async function makeWithParents(path: string): Promise<void> {
  if (await isDirectory(path)) return;
  await makeWithParents(dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    // Another hub may have made it at the same moment.
    if (codeOf(error) !== 'EEXIST' || !(await isDirectory(path))) throw error;
  }
}

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** Makes names that were added or changed in the directory survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** What the file system refused, as a Failure that names the fix; other errors as they are. */
export function directoryFailure(error: unknown, dataDir: string): unknown {
  const reason = reasons[codeOf(error) ?? ''];
  return error instanceof Failure || reason === undefined
    ? error
    : new Failure('database_unavailable', reason(dataDir), { cause: codeOf(error) });
}

/** The same for what a program wrote before it gave up. */
export function outputFailure(output: string, dataDir: string): Failure | null {
  if (/No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes/.test(output)) return full(dataDir);
  if (/Read-only file system|Permission denied|Operation not permitted/.test(output)) return closed(dataDir);
  return null;
}

function full(dataDir: string): Failure {
  return new Failure('database_unavailable', texts.full(dataDir), { cause: 'ENOSPC' });
}

function closed(dataDir: string): Failure {
  return new Failure('database_unavailable', texts.closed(dataDir), { cause: 'EACCES' });
}

const texts = {
  full: (dataDir: string) =>
    `The disk that holds ${dataDir} is full. Free some space, or set MCPVAULT_DATA to a directory on another disk.`,
  closed: (dataDir: string) =>
    `${dataDir} cannot be written to. Make it writable for this user, or set MCPVAULT_DATA to a directory that is.`,
  blocked: (dataDir: string) =>
    `${dataDir} cannot be a directory: a part of its path is a file. Set MCPVAULT_DATA to another path.`,
};

const reasons: Readonly<Record<string, (dataDir: string) => string>> = {
  ENOSPC: texts.full,
  EDQUOT: texts.full,
  EACCES: texts.closed,
  EPERM: texts.closed,
  EROFS: texts.closed,
  ENOENT: texts.closed,
  ENOTDIR: texts.blocked,
  EEXIST: texts.blocked,
};
