// Puts new bytes in the place of a client's file, whole or not at all: only if the file still is what the change was planned
// on, with its mode and owner, through links, while holding the lock that clients take as well.
import { constants } from 'node:fs';
import { chown, mkdir, open, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';

export interface WriterDeps {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Makes names of temporary files unique on this computer. */
  readonly mark: () => string;
}

export interface ConfigWriter {
  /** `changed`: somebody else wrote meanwhile, and nothing was done. Throws `Failure` when it may not or cannot be written. */
  replace(path: string, expected: Uint8Array, next: Uint8Array): Promise<'written' | 'changed'>;
}

const retryEvery = 50;
const giveUpAfter = 10_000;
/** A client renews its lock every few seconds; one this old was left behind. */
const staleAfter = 15_000;

export function createConfigWriter(deps: WriterDeps): ConfigWriter {
  return {
    replace: async (path, expected, next) => {
      const target = await realpath(path);
      return withFolderLock(`${target}.lock`, deps, () => replaceIn(target, expected, next, deps)).catch(
        (error: unknown) => {
          throw explained(error, path);
        },
      );
    },
  };
}

async function replaceIn(target: string, expected: Uint8Array, next: Uint8Array, { mark }: WriterDeps) {
  const before = await stat(target);
  if (!before.isFile()) throw new Failure('conflict', `${target} is no file.`);
  if (before.nlink > 1) {
    throw new Failure('conflict', `${target} has several names in its file system; replacing it would part them.`);
  }
  if (!(await holds(target, expected))) return 'changed';
  const temporary = join(dirname(target), `.${basename(target)}.${mark()}.tmp`);
  try {
    const file = await open(temporary, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, before.mode & 0o7777);
    try {
      await file.chmod(before.mode & 0o7777);
      const made = await file.stat();
      if (made.uid !== before.uid || made.gid !== before.gid) await chown(temporary, before.uid, before.gid);
      await file.writeFile(next);
      await file.sync();
    } finally {
      await file.close();
    }
    // Between planning and here a client may have written: what it wrote is never lost.
    if (!(await holds(target, expected))) return 'changed';
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(target));
  if (!(await holds(target, next)))
    throw new Failure('conflict', `${target} was changed at the same moment; scan again.`);
  return 'written';
}

async function holds(path: string, expected: Uint8Array): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY);
  try {
    return (await file.readFile()).equals(expected);
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Not every platform lets a folder be opened; the file itself is safe by now.
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** A folder beside the file, as the lock libraries of clients make it. */
export async function withFolderLock<T>(
  path: string,
  deps: Pick<WriterDeps, 'now' | 'sleep'>,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = deps.now() + giveUpAfter;
  while (!(await takes(path))) {
    const age = await stat(path).then(
      ({ mtimeMs }) => deps.now() - mtimeMs,
      () => 0,
    );
    if (age > staleAfter) await rmdir(path).catch(() => undefined);
    else if (deps.now() > deadline) throw new Failure('busy', `${path} is held by another program; try again.`);
    else await deps.sleep(retryEvery);
  }
  try {
    return await work();
  } finally {
    await rmdir(path).catch(() => undefined);
  }
}

async function takes(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function explained(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM')
    return new Failure('forbidden', `This account may not change ${path} or its folder.`);
  if (code === 'EROFS') return new Failure('forbidden', `${path} lies on a file system that cannot be written.`);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Failure('conflict', `There is no room to write ${path}; nothing was changed.`);
  if (code === 'ENOENT') return new Failure('not_found', `${path} is gone.`);
  return error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
