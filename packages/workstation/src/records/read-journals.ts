// Reads the journals of bridges from outside, while those may still be writing: it changes no file, and takes of each only
// what is whole.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findFrame, type JournalBlock, readBlock } from '@mcpvault/gateway/recording/frame';
import { readJson } from '../state/json-file.ts';
import { namesIn } from '../state/names-in.ts';
import { type JournalOwner, ownerFile } from './bridge-journal.ts';

export interface FoundJournal {
  /** Of the journal itself. */
  readonly id: string;
  readonly folder: string;
  readonly owner: JournalOwner | null;
  readonly segments: readonly { readonly path: string; readonly first: number }[];
}

const segmentName = /^(jrn_[0-9a-z]+)\.(\d{12})\.segment$/;

/** Oldest first. */
export async function findJournals(journals: string): Promise<readonly FoundJournal[]> {
  const found: FoundJournal[] = [];
  for (const name of await namesIn(journals)) {
    const folder = join(journals, name);
    const owner = (await readJson(join(folder, ownerFile)).catch(() => undefined)) as JournalOwner | undefined;
    const segments = (await namesIn(folder)).flatMap((file) => {
      const [, id, first] = segmentName.exec(file) ?? [];
      return id === undefined ? [] : [{ id, path: join(folder, file), first: Number(first) }];
    });
    const [oldest] = segments;
    if (oldest !== undefined) found.push({ id: oldest.id, folder, owner: owner ?? null, segments });
  }
  return found;
}

/** Remembers which files have not changed since they were read to their end. */
export class JournalReader {
  readonly #read = new Map<string, { readonly bytes: number; readonly last: number }>();

  /** The blocks after a position, in order, of the first file that has any; empty when there are none. */
  async after({ segments }: FoundJournal, position: number): Promise<readonly JournalBlock[]> {
    for (const [index, { path }] of segments.entries()) {
      const next = segments[index + 1];
      if (next !== undefined && next.first <= position + 1) continue;
      const bytes = await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
      const known = this.#read.get(path);
      if (known !== undefined && known.bytes === bytes && known.last <= position) continue;
      const all = await blocksIn(path);
      this.#read.set(path, { bytes, last: all.at(-1)?.position ?? 0 });
      const fresh = all.filter((block) => block.position > position);
      if (fresh.length > 0) return fresh;
    }
    return [];
  }

  forget({ segments }: FoundJournal): void {
    for (const { path } of segments) this.#read.delete(path);
  }
}

/** Every whole block of a file; a torn end is somebody writing, or somebody who was killed while writing. */
export async function blocksIn(path: string): Promise<readonly JournalBlock[]> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const blocks: JournalBlock[] = [];
  for (let frame = findFrame(content, 0); frame !== null; frame = findFrame(content, frame.end)) {
    blocks.push(readBlock(content, frame));
  }
  return blocks;
}
