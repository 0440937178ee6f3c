import type { JournalBlock } from './frame.ts';
import { type Place, Slabs } from './slabs.ts';

interface Kept {
  readonly written: JournalBlock;
  readonly records: Place;
  readonly sealed: Place;
  readonly segment: object;
  readonly bytes: number;
}

/**
 * The newest blocks of the journal, kept in memory so that they need not be read back. Everything in the segment being
 * written is here, whatever its size; beyond that, as much as fits.
 */
export class Tail {
  readonly #maxBytes: number;
  readonly #slabs = new Slabs();
  #kept: (Kept | null)[] = [];
  #start = 0;
  #bytes = 0;
  /** Blocks up to this position were handed out, and somebody may still look at them. */
  #lent = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Copies what the block holds. */
  add({ position, at, block }: JournalBlock, segment: object, bytes: number): void {
    const records = this.#slabs.keep(block.records);
    const sealed = this.#slabs.keep(block.sealed);
    const written = { position, at, block: { ...block, records: records.bytes, sealed: sealed.bytes } };
    this.#kept.push({ written, records, sealed, segment, bytes });
    this.#bytes += bytes;
    for (let kept = this.#first; kept !== null && this.#bytes > this.#maxBytes; kept = this.#first) {
      if (kept.segment === segment) break;
      this.#drop(kept, kept.written.position > this.#lent);
    }
  }

  /** The oldest block it holds. */
  get oldest(): JournalBlock | null {
    return this.#first?.written ?? null;
  }

  /** The blocks after `position`, which must be in here from there on. Their bytes are good until they are forgotten. */
  after(position: number, limit: { readonly blocks: number; readonly bytes: number }): JournalBlock[] {
    const taken: JournalBlock[] = [];
    let bytes = 0;
    for (let i = this.#start; i < this.#kept.length && taken.length < limit.blocks; i++) {
      const kept = this.#kept[i];
      if (kept === undefined || kept === null || kept.written.position <= position) continue;
      bytes += kept.bytes;
      if (taken.length > 0 && bytes > limit.bytes) break;
      taken.push(kept.written);
    }
    this.#lent = Math.max(this.#lent, taken.at(-1)?.position ?? 0);
    return taken;
  }

  forget(position: number): void {
    for (let kept = this.#first; kept !== null && kept.written.position <= position; kept = this.#first) {
      this.#drop(kept, true);
    }
  }

  get #first(): Kept | null {
    return this.#kept[this.#start] ?? null;
  }

  /** Memory that is still looked at is left to the garbage collector. */
  #drop(kept: Kept, unused: boolean): void {
    if (unused) {
      kept.records.free();
      kept.sealed.free();
    }
    this.#bytes -= kept.bytes;
    this.#kept[this.#start++] = null;
    if (this.#start < 1_024 && this.#start < this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#start);
    this.#start = 0;
  }
}
