/**
 * What the expressions of one message may cost together. A unit is a step of a macro, a call, or a few hundred bytes gone
 * through; about half a microsecond at worst. Deterministic: the same message and expressions always cost the same.
 */
export class Budget {
  #left: number;
  /** What going through a whole value of the message is taken to cost. */
  readonly wholeValue: number;

  /** `messageBytes` is the size of what the values of the context were read from. */
  constructor(messageBytes: number, units: number = unitsPerMessage) {
    this.#left = units;
    this.wholeValue = 1 + Math.ceil(messageBytes / 64);
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** Throws `TooCostly` once more was spent than there was. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw tooCostly;
  }

  /** As `spend`, for loops that must be left by their own way: answers false instead of throwing. */
  affords(units: number): boolean {
    this.#left -= units;
    return this.#left >= 0;
  }
}

export const unitsPerMessage = 300_000;

export class TooCostly extends Error {
  constructor() {
    super('the expressions of this message cost more than they may');
    this.name = 'TooCostly';
  }
}

/** One for all: a loop that is being stopped must not pay for a stack trace at each step. */
const tooCostly = new TooCostly();
