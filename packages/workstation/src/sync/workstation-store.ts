// What this workstation remembers: the servers it runs, the links it made, and for each how to go back. One file, readable by
// its owner only, because what was taken out of clients' files is in it: it is kept as they were kept, in clear, and never
// leaves the computer.
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';
import type { EntryAddress } from '../editing/entry-address.ts';
import type { EntryUndo } from '../editing/rewrite-entry.ts';
import type { ReadableFormat } from '../reading/read-tree.ts';
import { withFolderLock, type WriterDeps } from './config-writer.ts';
import type { LinkState } from './link-states.ts';
import type { LocalServer } from './local-servers.ts';

/** The relation between one client's file and one server. */
export interface Link {
  readonly client: string;
  readonly scope: string;
  readonly path: string;
  readonly format: ReadableFormat;
  readonly address: EntryAddress;
  readonly state: LinkState;
  /** The server behind the bridge. */
  readonly server: { readonly name: string; readonly isLocal: boolean };
  /** How the client starts the bridge. */
  readonly bridge: { readonly command: string; readonly args: readonly string[] };
  /** From the moment it is written; before, the file itself is the original. */
  readonly undo: EntryUndo | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export interface WorkstationState {
  readonly version: 1;
  readonly servers: readonly LocalServer[];
  readonly links: readonly Link[];
}

export const emptyState: WorkstationState = { version: 1, servers: [], links: [] };

export interface WorkstationStore {
  readonly path: string;
  read(): Promise<WorkstationState>;
  /** Changes the state while no other process does. What `change` throws leaves everything as it was. */
  update<T>(
    change: (state: WorkstationState) => Promise<{ readonly state: WorkstationState; readonly result: T }>,
  ): Promise<T>;
}

export function createWorkstationStore(path: string, deps: WriterDeps): WorkstationStore {
  const read = async (): Promise<WorkstationState> => parse(path, await readFile(path, 'utf8').catch(absent));
  return {
    path,
    read,
    update: async (change) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return withFolderLock(`${path}.lock`, deps, async () => {
        const { state, result } = await change(await read());
        await write(path, state, deps.mark());
        return result;
      });
    },
  };
}

function parse(path: string, text: string | undefined): WorkstationState {
  if (text === undefined) return emptyState;
  try {
    const state = JSON.parse(text) as WorkstationState;
    if (state.version === 1 && Array.isArray(state.servers) && Array.isArray(state.links)) return state;
  } catch {
    // Said below, without what stands in it.
  }
  throw new Failure('conflict', `${path} cannot be read as what this version writes. Move it away to begin anew.`);
}

async function write(path: string, state: WorkstationState, mark: string): Promise<void> {
  const temporary = `${path}.${mark}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(state, null, 1)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, 0o600);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

/** Links are found by place, never by number. */
export function isSameLink(one: Pick<Link, 'path' | 'address'>, other: Pick<Link, 'path' | 'address'>): boolean {
  return (
    one.path === other.path &&
    one.address.name === other.address.name &&
    JSON.stringify(one.address.container) === JSON.stringify(other.address.container)
  );
}
