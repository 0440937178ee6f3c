import * as fs from 'node:fs';
import { promisify } from 'node:util';

/** What the journal asks of the operating system when it writes; each call throws the system's own error. */
export interface Disk {
  /** Creates a file that must not exist yet, with mode 0600. */
  create(path: string): number;
  /** Writes all buffers at `position`; when it throws, any part of them may lie there. */
  write(file: number, buffers: readonly Buffer[], position: number): void;
  truncate(file: number, length: number): void;
  /** Resolves once everything written is on the device. */
  sync(file: number): Promise<void>;
  /** The same for the names of a folder's files, where the system can. */
  syncFolder(path: string): Promise<void>;
  close(file: number): void;
}

const fdatasync = promisify(fs.fdatasync);

export const nodeDisk: Disk = {
  create: (path) => fs.openSync(path, 'wx', 0o600),
  write: writeAll,
  truncate: fs.ftruncateSync,
  sync: fdatasync,
  async syncFolder(path) {
    if (process.platform === 'win32') return;
    const folder = await fs.promises.open(path);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  close: fs.closeSync,
};

/** A disk that is nearly full takes a part first, and only then says so. */
function writeAll(file: number, buffers: readonly Buffer[], position: number): void {
  let left: readonly Buffer[] = buffers;
  let at = position;
  while (left.length > 0) {
    const written = fs.writevSync(file, left, at);
    at += written;
    left = without(left, written);
  }
}

function without(buffers: readonly Buffer[], bytes: number): readonly Buffer[] {
  let skipped = 0;
  for (const [i, buffer] of buffers.entries()) {
    if (skipped + buffer.length > bytes) return [buffer.subarray(bytes - skipped), ...buffers.slice(i + 1)];
    skipped += buffer.length;
  }
  return [];
}

/** For people: why the disk refused, and the fix. Lower case, no full stop. */
export function diskReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return `${reasons[code] ?? 'the journal cannot be written'} (${code})`;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: "the account's disk quota is used up; raise it or free some space",
  EROFS: 'the disk is read-only; mount it writable',
  EIO: 'the disk reports errors; replace it',
  EACCES: 'the folder may not be written; give it to the account that runs MCPVault',
  EPERM: 'the folder may not be written; give it to the account that runs MCPVault',
  ENOENT: 'the folder of the journal is gone; restore it',
  ENOTDIR: 'a part of the path of the journal is a file; name another folder',
  EEXIST: 'the place of the journal is taken by a file; name another folder',
  EMFILE: 'too many files are open; raise the limit of open files',
  ENFILE: 'too many files are open; raise the limit of open files',
  EFBIG: 'a file may not become so large; lower the size of segments',
};
