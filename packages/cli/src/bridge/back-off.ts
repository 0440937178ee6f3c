export interface BackOffDeps {
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** 0 to 1: so that many bridges do not all come back to a hub at the same moment. */
  readonly random: () => number;
}

const first = 100;

/** Longer and longer waits between tries, until patience ends. */
export class BackOff {
  readonly #deps: BackOffDeps;
  readonly #deadline: number;
  readonly #longest: number;
  #next = first;

  /** Milliseconds. `patience` may be infinite. */
  constructor(deps: BackOffDeps, patience: number, longest = 5_000) {
    this.#deps = deps;
    this.#deadline = deps.now() + patience;
    this.#longest = longest;
  }

  /** Waits before the next try, at least as long as asked for; false, at once, when there is to be none. */
  async wait(signal: AbortSignal, atLeast = 0): Promise<boolean> {
    const { now, sleep, random } = this.#deps;
    const ms = Math.max(atLeast, this.#next * (0.5 + random() / 2));
    if (signal.aborted || now() + ms > this.#deadline) return false;
    this.#next = Math.min(this.#next * 2, this.#longest);
    await sleep(ms, signal);
    return !signal.aborted;
  }

  /** It works again: the next wait is short. */
  reset(): void {
    this.#next = first;
  }
}
