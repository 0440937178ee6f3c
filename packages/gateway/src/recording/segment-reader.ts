import { readFile } from 'node:fs/promises';
import { findFrame, type JournalBlock, readBlock } from './frame.ts';
import type { Segment } from './segment.ts';

/** Reads blocks back from segments that are not written any more, holding one of them in memory. */
export class SegmentReader {
  #segment: Segment | null = null;
  #content = Buffer.alloc(0);
  #offset = 0;
  #position = 0;

  /** Blocks of one segment after `position`, in order; empty when it holds no more. */
  async read(
    segment: Segment,
    position: number,
    limit: { readonly blocks: number; readonly bytes: number },
  ): Promise<JournalBlock[]> {
    await this.#goTo(segment, position);
    const blocks: JournalBlock[] = [];
    let bytes = 0;
    for (let frame = this.#next(); frame !== null && blocks.length < limit.blocks; frame = this.#next()) {
      if (frame.position > position) {
        bytes += frame.end - frame.start;
        if (blocks.length > 0 && bytes > limit.bytes) break;
        blocks.push(readBlock(this.#content, frame));
      }
      this.#offset = frame.end;
      this.#position = frame.position;
    }
    return blocks;
  }

  /** Gives the memory back once the segment has arrived. */
  forget(segment: Segment): void {
    if (this.#segment !== segment) return;
    this.#segment = null;
    this.#content = Buffer.alloc(0);
  }

  #next() {
    return findFrame(this.#content, this.#offset);
  }

  async #goTo(segment: Segment, position: number): Promise<void> {
    if (this.#segment === segment && this.#position === position) return;
    if (this.#segment !== segment) this.#content = (await readFile(segment.path)).subarray(0, segment.bytes);
    this.#segment = segment;
    this.#offset = 0;
    this.#position = 0;
  }
}
