import type { JournalBlock } from './frame.ts';

interface Kept {
  readonly written: JournalBlock;
  readonly segment: object;
  readonly bytes: number;
}

/**
 * The newest blocks of the journal, kept in memory so that they need not be read back. Everything in the segment being
 * written is here, whatever its size; beyond that, as much as fits.
 */
export class Tail {
  readonly #maxBytes: number;
  #kept: Kept[] = [];
  #start = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(written: JournalBlock, segment: object, bytes: number): void {
    this.#kept.push({ written, segment, bytes });
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes && this.#kept[this.#start]?.segment !== segment) this.#drop();
  }

  /** The oldest block it holds. */
  get oldest(): JournalBlock | null {
    return this.#kept[this.#start]?.written ?? null;
  }

  /** The blocks after `position`, which must be in here from there on. */
  after(position: number, limit: { readonly blocks: number; readonly bytes: number }): JournalBlock[] {
    const taken: JournalBlock[] = [];
    let bytes = 0;
    for (let i = this.#start; i < this.#kept.length && taken.length < limit.blocks; i++) {
      const kept = this.#kept[i];
      if (kept === undefined || kept.written.position <= position) continue;
      bytes += kept.bytes;
      if (taken.length > 0 && bytes > limit.bytes) break;
      taken.push(kept.written);
    }
    return taken;
  }

  forget(position: number): void {
    while ((this.oldest?.position ?? Number.POSITIVE_INFINITY) <= position) this.#drop();
  }

  #drop(): void {
    this.#bytes -= this.#kept[this.#start]?.bytes ?? 0;
    this.#start++;
    if (this.#start < 1_024 && this.#start < this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#start);
    this.#start = 0;
  }
}
