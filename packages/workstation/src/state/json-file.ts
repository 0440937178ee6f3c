// Small files of state, readable by their owner only: written whole or not at all, and on the disk before anybody goes on.
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';

let marks = 0;

/** undefined where there is none. A file that is there and is no JSON is a `Failure`: to pass it over could undo what it says. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    if (error instanceof SyntaxError)
      throw new Failure('conflict', `${path} cannot be read. Move it away to begin anew.`);
    throw error;
  }
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  marks += 1;
  const draft = `${path}.${process.pid}-${marks}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, null, 1)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dirname(path));
}

async function syncFolder(folder: string): Promise<void> {
  // Not every platform lets a folder be opened; the file itself is safe by now.
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
