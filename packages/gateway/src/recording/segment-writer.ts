import type { Disk } from './disk.ts';
import { emptySegment, type Segment, segmentPath } from './segment.ts';

/**
 * Appends frames to the segments of one journal. What fails leaves nothing behind: it is cut off again, and where even
 * that fails, the segment is left for a new one and its positions are not used again.
 */
export class SegmentWriter {
  readonly #directory: string;
  readonly #segmentBytes: number;
  readonly #disk: Disk;
  #open: { readonly segment: Segment; readonly file: number } | null = null;
  #unsynced: { readonly last: number; readonly bytes: number; readonly blocks: number; readonly at: number } | null =
    null;
  #newName = false;
  #next = 1;

  readonly journal: string;
  /** Every segment of this journal that still exists, oldest first; the last may be the one being written. */
  segments: readonly Segment[] = [];

  constructor(directory: string, journal: string, segmentBytes: number, disk: Disk) {
    this.#directory = directory;
    this.journal = journal;
    this.#segmentBytes = segmentBytes;
    this.#disk = disk;
  }

  /** Position of the next block. */
  get next(): number {
    return this.#next;
  }

  /** The segment being written: it must not be removed. */
  get current(): Segment | null {
    return this.#open?.segment ?? null;
  }

  /** Writes the frames of the next `blocks` positions, all or none; they count once `settle` was called. Throws. */
  write(frames: readonly Buffer[], blocks: number, at: number): void {
    let bytes = 0;
    for (const frame of frames) bytes += frame.length;
    const { segment, file } = this.#room(bytes);
    try {
      this.#disk.write(file, frames, segment.bytes);
    } catch (error) {
      this.#cutOff(blocks);
      throw error;
    }
    this.#next += blocks;
    this.#unsynced = { last: this.#next - 1, bytes, blocks, at };
  }

  /** Makes what was written survive a loss of power. When it rejects, nothing of it counts. */
  async sync(): Promise<void> {
    if (this.#open === null) return;
    try {
      await this.#disk.sync(this.#open.file);
      if (this.#newName) await this.#disk.syncFolder(this.#directory);
      this.#newName = false;
    } catch (error) {
      this.#unsynced = null;
      this.#cutOff(0);
      this.leave();
      throw error;
    }
  }

  /** What was written belongs to the journal from now on. */
  settle(): void {
    const segment = this.#open?.segment;
    if (segment === undefined || this.#unsynced === null) return;
    if (segment.blocks === 0) segment.firstAt = this.#unsynced.at;
    segment.last = this.#unsynced.last;
    segment.bytes += this.#unsynced.bytes;
    segment.blocks += this.#unsynced.blocks;
    this.#unsynced = null;
  }

  /** Ends the open segment; the next write begins another. */
  leave(): void {
    const open = this.#open;
    this.#open = null;
    if (open !== null) this.#disk.close(open.file);
  }

  /** The file was removed. */
  forget(segment: Segment): void {
    this.segments = this.segments.filter((other) => other !== segment);
  }

  #room(bytes: number): { readonly segment: Segment; readonly file: number } {
    const open = this.#open;
    if (open !== null && (open.segment.blocks === 0 || open.segment.bytes + bytes <= this.#segmentBytes)) return open;
    this.leave();
    const segment = emptySegment(this.journal, segmentPath(this.#directory, this.journal, this.#next), this.#next);
    this.#open = { segment, file: this.#disk.create(segment.path) };
    this.#newName = true;
    this.segments = [...this.segments, segment];
    return this.#open;
  }

  #cutOff(blocks: number): void {
    if (this.#open === null) return;
    try {
      this.#disk.truncate(this.#open.file, this.#open.segment.bytes);
    } catch {
      // Whole frames may lie there: a later life would take another block with the same position for the same block.
      this.#next += blocks;
      this.leave();
    }
  }
}
