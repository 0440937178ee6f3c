import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import type { Platform } from '../catalogue/client.ts';
import type { FileContent, Files } from './machine.ts';

/** The files of this computer. Pipes, devices and sockets are never opened: reading one could wait forever. */
export function createNodeFiles(platform: Platform): Files {
  return {
    read: async (path, limit) => {
      try {
        const found = await stat(path);
        if (!found.isFile()) return { state: 'not-a-file' };
        if (found.size > limit) return { state: 'too-large' };
        const bytes = await readAtMost(path, limit);
        if (bytes === undefined) return { state: 'too-large' };
        const isLink = (await lstat(path)).isSymbolicLink();
        return isLink ? { state: 'read', bytes, linkTarget: await realpath(path) } : { state: 'read', bytes };
      } catch (error) {
        return { state: stateOf(error, platform) };
      }
    },
    list: async (path) => readdir(path).catch(() => []),
    exists: async (path) =>
      stat(path).then(
        () => true,
        (error: unknown) => codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM',
      ),
  };
}

async function readAtMost(path: string, limit: number): Promise<Uint8Array | undefined> {
  // Not blocking: between looking and opening, a pipe may have taken the file's place.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const now: Stats = await file.stat();
    if (!now.isFile()) throw Object.assign(new Error('not a file'), { code: 'EISDIR' });
    if (now.size > limit) return undefined;
    const bytes = Buffer.alloc(now.size + 1);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) return bytes.subarray(0, length);
      length += bytesRead;
    }
    // It grew meanwhile: the rest is read on the next scan.
    return bytes.subarray(0, now.size);
  } finally {
    await file.close();
  }
}

type Unread = Exclude<FileContent['state'], 'read'>;

function stateOf(error: unknown, platform: Platform): Unread {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
  if (code === 'EPERM') return platform === 'macos' ? 'privacy-denied' : 'no-permission';
  if (code === 'EACCES') return 'no-permission';
  return code === 'EISDIR' ? 'not-a-file' : 'unreadable';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
