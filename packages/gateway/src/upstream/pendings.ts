/**
 * What waits for an answer, under ids that are never given twice: an answer that comes too late finds nobody, rather than
 * somebody else. Entries lie in places that are used again, since the tables that a `Map` leaves behind, when thousands
 * come and go a second, keep what was in them alive until a full garbage collection.
 */
export class Pendings<Entry> {
  /** By place; null where nobody waits. */
  readonly #entries: (Entry | null)[] = [];
  /** The id that was last given for each place. */
  readonly #ids: number[] = [];
  readonly #free: number[] = [];
  #given = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(entry: Entry): number {
    const place = this.#free.pop() ?? this.#entries.length;
    const id = ++this.#given * places + place;
    this.#entries[place] = entry;
    this.#ids[place] = id;
    this.#size++;
    return id;
  }

  get(id: number): Entry | null {
    const place = id % places;
    return this.#ids[place] === id ? (this.#entries[place] ?? null) : null;
  }

  /** The entry, which no longer waits; null when nobody waits under this id. */
  take(id: number): Entry | null {
    const entry = this.get(id);
    if (entry === null) return null;
    const place = id % places;
    this.#entries[place] = null;
    this.#free.push(place);
    this.#size--;
    return entry;
  }

  /** Those that wait now, with their ids, in the order in which they came. */
  all(): readonly (readonly [number, Entry])[] {
    const found: [number, Entry][] = [];
    this.#entries.forEach((entry, place) => {
      if (entry !== null) found.push([this.#ids[place] ?? 0, entry]);
    });
    return found.toSorted(([a], [b]) => a - b);
  }
}

/** Room for so many at once; what is left of a whole number is for telling one use of a place from the next. */
const places = 2 ** 20;
