import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Launcher } from './launcher.ts';

export interface SocketDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** What the smallest of our systems allows, with its closing zero. */
const longestPath = 103;

/**
 * A directory for the server's socket that only this user may enter: in `home`, or, where that makes a path too long for
 * a socket, a fresh one among the temporary files. `inUse` names the one of a server that is already running.
 */
export async function openSocketDirectory(
  home: string,
  launcher: Launcher,
  inUse: string | undefined,
): Promise<SocketDirectory> {
  const near = join(home, 'socket');
  if (inUse !== undefined) return { path: inUse, remove: () => remove(inUse) };
  const path = Buffer.byteLength(join(near, '.s.PGSQL.5432')) <= longestPath ? near : await farAway();
  // What a killed server left in there would keep the next one from starting.
  await remove(path);
  await mkdir(path, { mode: 0o700 });
  await chmod(path, 0o700);
  if (launcher.owner) await chown(path, launcher.owner.uid, launcher.owner.gid);
  return { path, remove: () => remove(path) };
}

function farAway(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'mcpvault-'));
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
