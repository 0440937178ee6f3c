/** A part of a slab that is in use. */
export interface Place {
  readonly bytes: Buffer;
  /** Nobody looks at the bytes any more: the memory may be used again. Call it once. */
  free(): void;
}

interface Slab {
  readonly memory: Buffer;
  used: number;
  places: number;
}

const slabBytes = 1024 * 1024;
/** Beyond it, bytes are better off in memory of their own. */
const largestPlace = slabBytes / 4;
const spareSlabs = 8;

/**
 * Memory for many small pieces of bytes that are kept for a moment. In memory of their own, thousands of them a second would
 * outlive the quick garbage collections and bring about the slow ones; here the same few slabs are used over and over.
 */
export class Slabs {
  readonly #spare: Slab[] = [];
  #current: Slab = newSlab();

  /** Copies the bytes. */
  keep(bytes: Buffer): Place {
    if (bytes.length > largestPlace) return { bytes: Buffer.from(bytes), free() {} };
    const slab = this.#room(bytes.length);
    const place = slab.memory.subarray(slab.used, slab.used + bytes.length);
    bytes.copy(place);
    slab.used += bytes.length;
    slab.places++;
    return { bytes: place, free: () => this.#freed(slab) };
  }

  #room(bytes: number): Slab {
    if (this.#current.used + bytes <= slabBytes) return this.#current;
    const full = this.#current;
    this.#current = this.#spare.pop() ?? newSlab();
    if (full.places === 0) this.#reuse(full);
    return this.#current;
  }

  #freed(slab: Slab): void {
    slab.places--;
    if (slab.places === 0 && slab !== this.#current) this.#reuse(slab);
  }

  #reuse(slab: Slab): void {
    slab.used = 0;
    if (this.#spare.length < spareSlabs) this.#spare.push(slab);
  }
}

function newSlab(): Slab {
  return { memory: Buffer.allocUnsafeSlow(slabBytes), used: 0, places: 0 };
}
