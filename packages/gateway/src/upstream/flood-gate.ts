import type { Clock } from '@mcpvault/domain/ambient';

/** What a process may say without having been asked, in each second, and more for each conversation that it serves. */
const freeMessages = 1_000;
const freeForEach = 20;
/** Beyond so many times that, or this many bytes, it is not even read until the second is over. */
const shutAt = 5;
const mostBytes = 64 * 1024 * 1024;
const second = 1_000_000;

export type Passage = 'passes' | 'dropped' | 'shut';

/** Counts what a process says of its own accord: so much is delivered, more is dropped, and still more is not read. */
export class FloodGate {
  readonly #clock: Clock;
  #began = Number.NEGATIVE_INFINITY;
  #messages = 0;
  #bytes = 0;
  /** Messages that were dropped so far. */
  dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(bytes: number, conversations: number): Passage {
    const now = this.#clock.micros();
    if (now - this.#began >= second) {
      this.#began = now;
      this.#messages = 0;
      this.#bytes = 0;
    }
    this.#messages++;
    this.#bytes += bytes;
    const free = freeMessages + freeForEach * conversations;
    if (this.#messages <= free && this.#bytes <= mostBytes) return 'passes';
    this.dropped++;
    return this.#messages > free * shutAt || this.#bytes > mostBytes ? 'shut' : 'dropped';
  }

  /** Milliseconds until it is open again. */
  get shutFor(): number {
    return Math.max(1, Math.ceil((this.#began + second - this.#clock.micros()) / 1000));
  }
}
