import type { Clock } from '@mcpvault/domain/ambient';

/** A process that lived this long, in milliseconds, was a working one: its end is not held against the next. */
export const stableAfter = 30_000;
const firstDelay = 500;
const maxDelay = 30_000;
/** So many quick ends in a row, and it is not tried again by itself. */
export const maxQuickEnds = 8;
const maxKept = 1_000;

interface Streak {
  ends: number;
  /** Milliseconds since the epoch. */
  retryAt: number;
  reason: string;
}

/** Why something may not be started now, and when it may: `null` means never by itself. */
export interface Held {
  readonly reason: string;
  readonly ends: number;
  readonly waitMs: number | null;
}

/** Remembers how often things ended quickly, and makes each wait longer than the one before. */
export class BackOff {
  readonly #clock: Clock;
  readonly #streaks = new Map<string, Streak>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** With `forgiving` the first end in a row is followed by no wait. */
  ended(what: string, reason: string, livedMs: number, forgiving: boolean): void {
    const before = livedMs >= stableAfter ? 0 : (this.#streaks.get(what)?.ends ?? 0);
    const waits = forgiving ? before - 1 : before;
    const delay = waits < 0 ? 0 : Math.min(maxDelay, firstDelay * 2 ** waits);
    this.#streaks.delete(what);
    this.#streaks.set(what, { ends: before + 1, retryAt: this.#clock.now() + delay, reason });
    if (this.#streaks.size > maxKept) this.#dropOldest();
  }

  held(what: string): Held | null {
    const streak = this.#streaks.get(what);
    if (streak === undefined) return null;
    if (streak.ends >= maxQuickEnds) return { reason: streak.reason, ends: streak.ends, waitMs: null };
    const waitMs = streak.retryAt - this.#clock.now();
    return waitMs > 0 ? { reason: streak.reason, ends: streak.ends, waitMs } : null;
  }

  forget(what: string): void {
    this.#streaks.delete(what);
  }

  forgetAll(prefix: string): void {
    for (const what of this.#streaks.keys()) {
      if (what.startsWith(prefix)) this.#streaks.delete(what);
    }
  }

  #dropOldest(): void {
    for (const what of this.#streaks.keys()) {
      this.#streaks.delete(what);
      return;
    }
  }
}
