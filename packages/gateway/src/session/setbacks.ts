import type { Clock } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { ServerVersionId } from '@mcpvault/domain/ids';

/** Milliseconds for which a server that failed is not tried again for the sake of a list. */
const rest = 10_000;

/** Which servers failed a moment ago: a list of many servers does not wait for them again each time. */
export class Setbacks {
  readonly #clock: Clock;
  readonly #latest = new Map<ServerVersionId, { readonly failure: Failure; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does something with a server unless it failed a moment ago, and notes when it fails. Rejects with a `Failure`. */
  async attempt<T>(version: ServerVersionId, work: () => Promise<T>): Promise<T> {
    const setback = this.#recent(version);
    if (setback !== null) throw setback;
    try {
      return await work();
    } catch (error) {
      if (error instanceof Failure && error.code.startsWith('upstream')) this.#note(version, error);
      throw error;
    }
  }

  #note(version: ServerVersionId, failure: Failure): void {
    this.#latest.set(version, { failure, until: this.#clock.now() + rest });
  }

  #recent(version: ServerVersionId): Failure | null {
    const setback = this.#latest.get(version);
    if (setback === undefined) return null;
    if (setback.until > this.#clock.now()) return setback.failure;
    this.#latest.delete(version);
    return null;
  }
}
