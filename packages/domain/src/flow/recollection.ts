/**
 * Where values came from, by number. Bounded: two halves, of which the older is forgotten when the newer is full. What is
 * said again is not forgotten sooner or later for it; who said it first stays.
 */
export class Recollection {
  readonly #half: number;
  #newer = new Map<number, number>();
  #older = new Map<number, number>();
  #hasForgotten = false;

  constructor(most: number) {
    this.#half = Math.ceil(most / 2);
  }

  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  /** Whether anything was forgotten since it was made. */
  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  of(value: number): number | undefined {
    return this.#newer.get(value) ?? this.#older.get(value);
  }

  keep(value: number, origin: number): void {
    if (this.of(value) === undefined) this.replace(value, origin);
  }

  replace(value: number, origin: number): void {
    this.#older.delete(value);
    this.#newer.set(value, origin);
    if (this.#newer.size < this.#half) return;
    if (this.#older.size > 0) this.#hasForgotten = true;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
