// The data folder: made private, proven writable before anything else begins, and marked with an id of its own. Also the
// small file in it that tells other programs where the hub can be reached.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';

export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  /** The same at every start; marks the processes that belong to this folder. */
  readonly instance: string;
}

/** Throws a `Failure` that says what is wrong with the folder, and the fix. `newId` is used at the first start. */
export async function openDataFolder(given: string, newId: string): Promise<DataFolder> {
  const path = resolve(given);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const probe = join(path, `.probe-${process.pid}`);
    await writeFile(probe, 'to see whether this folder can be written', { mode: 0o600 });
    await rm(probe);
    return { path, instance: await instanceOf(path, newId) };
  } catch (error) {
    throw unusable(path, error);
  }
}

export interface HubFile {
  readonly pid: number;
  readonly url: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

/** Whole or not at all: others read it while it is written. */
export async function writeHubFile({ path }: DataFolder, content: HubFile): Promise<void> {
  const unfinished = join(path, `.hub.json-${process.pid}`);
  await writeFile(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, join(path, hubFile));
}

export async function removeHubFile({ path }: DataFolder): Promise<void> {
  await rm(join(path, hubFile), { force: true });
}

const hubFile = 'hub.json';

async function instanceOf(path: string, newId: string): Promise<string> {
  const file = join(path, 'instance');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (/^[0-9a-z_]{10,60}$/.test(known.trim())) return known.trim();
  await writeFile(file, `${newId}\n`, { mode: 0o600 });
  return newId;
}

function unusable(path: string, error: unknown): Failure {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const elsewhere = 'or choose another folder with MCPVAULT_DATA';
  const said: Readonly<Record<string, string>> = {
    EACCES: `The data folder ${path} cannot be written by this user. Give this user the right to, ${elsewhere}.`,
    EPERM: `The data folder ${path} cannot be written by this user. Give this user the right to, ${elsewhere}.`,
    EROFS: `The data folder ${path} lies on a read-only file system. Make it writable, ${elsewhere}.`,
    ENOSPC: `The disk of the data folder ${path} is full. Free some space, ${elsewhere}.`,
    EDQUOT: `The disk quota for the data folder ${path} is used up. Free some space, ${elsewhere}.`,
    ENOTDIR: `The data folder ${path} cannot be made, because a part of its path is a file. Choose another one with MCPVAULT_DATA.`,
    EEXIST: `The data folder ${path} is a file. Choose a folder with MCPVAULT_DATA.`,
  };
  return new Failure(
    'internal',
    said[code] ??
      `The data folder ${path} cannot be used (${code || String(error)}). Choose another one with MCPVAULT_DATA.`,
  );
}
