/**
 * What waits for its turn, by whose it is: owners take turns, and each one's own keep their order, so that nobody who asks
 * for much keeps the others waiting.
 */
export class FairQueue<Entry> {
  /** In the order of turns. */
  readonly #byOwner = new Map<string, Entry[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(owner: string, entry: Entry): void {
    const own = this.#byOwner.get(owner);
    if (own === undefined) this.#byOwner.set(owner, [entry]);
    else own.push(entry);
    this.#size++;
  }

  /** The one whose turn it is, which no longer waits. */
  take(): Entry | null {
    for (const [owner, own] of this.#byOwner) {
      const entry = own.shift();
      this.#byOwner.delete(owner);
      if (own.length > 0) this.#byOwner.set(owner, own);
      if (entry === undefined) continue;
      this.#size--;
      return entry;
    }
    return null;
  }

  some(claim: (entry: Entry) => boolean): boolean {
    for (const own of this.#byOwner.values()) if (own.some(claim)) return true;
    return false;
  }

  /** Takes out those that `leaves` picks, wherever they stand. */
  takeAll(leaves: (entry: Entry) => boolean = () => true): readonly Entry[] {
    const taken: Entry[] = [];
    for (const [owner, own] of this.#byOwner) {
      const staying = own.filter((entry) => !leaves(entry));
      if (staying.length === own.length) continue;
      taken.push(...own.filter((entry) => !staying.includes(entry)));
      if (staying.length === 0) this.#byOwner.delete(owner);
      else this.#byOwner.set(owner, staying);
    }
    this.#size -= taken.length;
    return taken;
  }
}
