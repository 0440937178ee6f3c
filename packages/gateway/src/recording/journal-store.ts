import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../ports.ts';
import { frameOf, type JournalBlock } from './frame.ts';
import { findLeftovers, type Segment } from './segment.ts';
import { SegmentReader } from './segment-reader.ts';
import type { SegmentWriter } from './segment-writer.ts';
import { Tail } from './tail.ts';

/** What the shipper needs of a journal. */
export interface JournalSource {
  /** Ids of the journals in the directory, oldest first; the last one is being written, the others are leftovers. */
  journals(): readonly string[];
  /** The next blocks after `position`, in order; empty when there are none. Their bytes are good until acknowledged. */
  read(journal: string, position: number, limit: ReadLimit): Promise<readonly JournalBlock[]>;
  /** Every block up to `position` has arrived: removes segments that hold nothing else. */
  acknowledge(journal: string, position: number): void;
  /** `listener` is told when new blocks can be read. */
  onWritten(listener: () => void): void;
  /** Keeps a block that cannot be stored in a file of its own; resolves to its path. */
  setAside(journal: string, written: JournalBlock): Promise<string>;
  /** Position of the newest block of the journal being written; 0 when there is none. */
  lastWritten(): number;
  /** Blocks not yet acknowledged, and when the oldest of them was written. */
  backlog(): { readonly blocks: number; readonly oldestAt: number | null };
}

/** At least one block is read, however large. */
export interface ReadLimit {
  readonly blocks: number;
  readonly bytes: number;
}

const tailBytes = 8 * 1024 * 1024;

/** What lies in the directory: leftovers of earlier journals, and the journal being written with its newest blocks. */
export class JournalStore implements JournalSource {
  readonly #directory: string;
  readonly #journal: string;
  readonly #writer: SegmentWriter;
  readonly #log: Log;
  readonly #tail = new Tail(tailBytes);
  readonly #reader = new SegmentReader();
  readonly #removing = new Set<Promise<void>>();
  readonly #acknowledged = new Map<string, number>();
  #leftovers: Segment[] = [];
  #held: { readonly written: readonly JournalBlock[]; readonly frames: readonly (readonly Buffer[])[] } | null = null;
  #bytes = 0;
  #lastRemoved = 0;
  #onWritten: () => void = () => {};

  constructor(directory: string, writer: SegmentWriter, log: Log) {
    this.#directory = directory;
    this.#journal = writer.journal;
    this.#writer = writer;
    this.#log = log;
  }

  /** Of all segments on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  async start(): Promise<void> {
    const { segments, spoiltBytes, tornBytes } = await findLeftovers(this.#directory);
    this.#leftovers = [...segments];
    for (const segment of segments) this.#bytes += segment.bytes;
    const blocks = segments.reduce((sum, segment) => sum + segment.blocks, 0);
    if (blocks > 0) this.#log.info({ blocks, tornBytes }, 'the journal holds blocks of an earlier run');
    if (spoiltBytes > 0) {
      this.#log.error({ bytes: spoiltBytes }, 'a part of the journal is spoilt; the records in it are lost');
    }
  }

  /** What the writer has written, until it is known whether it counts. */
  hold(written: readonly JournalBlock[], frames: readonly (readonly Buffer[])[]): void {
    this.#held = { written, frames };
  }

  settle(): void {
    const held = this.#held;
    const segment = this.#writer.current;
    if (held === null || segment === null) return;
    this.#held = null;
    this.#writer.settle();
    for (const [i, written] of held.written.entries()) {
      const bytes = held.frames[i]?.reduce((sum, part) => sum + part.length, 0) ?? 0;
      this.#bytes += bytes;
      this.#tail.add(written, segment, bytes);
    }
    this.#onWritten();
  }

  drop(): void {
    this.#held = null;
  }

  journals(): readonly string[] {
    return [...new Set([...this.#leftovers.map((segment) => segment.journal), this.#journal])];
  }

  async read(journal: string, position: number, limit: ReadLimit): Promise<readonly JournalBlock[]> {
    if (journal === this.#journal && (this.#tail.oldest?.position ?? 1) <= position + 1) {
      return this.#tail.after(position, limit);
    }
    for (const segment of this.#segments(journal)) {
      if (segment.last <= position) continue;
      if (segment === this.#writer.current) return this.#tail.after(position, limit);
      const blocks = await this.#readBack(segment, position, limit);
      if (blocks.length > 0) return blocks;
    }
    return [];
  }

  acknowledge(journal: string, position: number): void {
    this.#acknowledged.set(journal, position);
    if (journal === this.#journal) this.#tail.forget(position);
    const arrived = this.#segments(journal).filter(
      (segment) => segment.last <= position && segment !== this.#writer.current,
    );
    for (const segment of arrived) this.#remove(segment);
  }

  onWritten(listener: () => void): void {
    this.#onWritten = listener;
  }

  backlog(): { readonly blocks: number; readonly oldestAt: number | null } {
    let blocks = 0;
    let oldestAt: number | null = null;
    for (const segment of [...this.#leftovers, ...this.#writer.segments]) {
      const acknowledged = this.#acknowledged.get(segment.journal) ?? 0;
      if (segment.blocks === 0 || segment.last <= acknowledged) continue;
      const arrived = Math.max(0, acknowledged - segment.first + 1);
      blocks += Math.max(1, segment.blocks - arrived);
      const inMemory = arrived > 0 && segment.journal === this.#journal ? this.#tail.oldest : null;
      oldestAt ??= inMemory?.at ?? segment.firstAt;
    }
    return { blocks, oldestAt };
  }

  async setAside(journal: string, written: JournalBlock): Promise<string> {
    const path = join(this.#directory, `${journal}.${written.position}.set-aside`);
    await fs.writeFile(path, Buffer.concat(frameOf(written)), { mode: 0o600 });
    return path;
  }

  lastWritten(): number {
    return this.#writer.segments.findLast((segment) => segment.blocks > 0)?.last ?? this.#lastRemoved;
  }

  async close(): Promise<void> {
    this.#writer.leave();
    this.acknowledge(this.#journal, this.#acknowledged.get(this.#journal) ?? 0);
    await Promise.all(this.#removing);
  }

  async #readBack(segment: Segment, position: number, limit: ReadLimit): Promise<readonly JournalBlock[]> {
    try {
      return await this.#reader.read(segment, position, limit);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#log.error(
        { path: segment.path, blocks: segment.blocks },
        'a segment of the journal is gone, and its records',
      );
      this.#remove(segment);
      return [];
    }
  }

  #segments(journal: string): readonly Segment[] {
    return journal === this.#journal
      ? this.#writer.segments
      : this.#leftovers.filter((segment) => segment.journal === journal);
  }

  #remove(segment: Segment): void {
    this.#bytes -= segment.bytes;
    if (segment.journal === this.#journal) this.#lastRemoved = segment.last;
    this.#leftovers = this.#leftovers.filter((other) => other !== segment);
    this.#writer.forget(segment);
    this.#reader.forget(segment);
    const removed = fs
      .rm(segment.path, { force: true })
      .catch((error: unknown) => {
        this.#log.warn({ err: error, path: segment.path }, 'a segment that has arrived cannot be removed');
      })
      .finally(() => this.#removing.delete(removed));
    this.#removing.add(removed);
  }
}
