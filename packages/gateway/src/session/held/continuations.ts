import { createHash } from 'node:crypto';
import type { Clock } from '@mcpvault/domain/ambient';
import type { Principal } from '@mcpvault/domain/identity/caller';

/** Milliseconds in which a person answers what a server asked. */
const goodFor = 15 * 60_000;
const most = 10_000;

/**
 * Calls that were approved, and whose server then asked for more: the same call with the server’s own state needs no second
 * approval. Each is good for one coming back.
 */
export class Continuations {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  remember(principal: Principal, asked: string, state: string): void {
    const [oldest] = this.#until.keys();
    if (this.#until.size >= most && oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(keyOf(principal, asked, state), this.#clock.now() + goodFor);
  }

  take(principal: Principal, asked: string, state: string): boolean {
    const key = keyOf(principal, asked, state);
    const until = this.#until.get(key);
    this.#until.delete(key);
    return until !== undefined && until > this.#clock.now();
  }
}

function keyOf(principal: Principal, asked: string, state: string): string {
  return createHash('sha256')
    .update(JSON.stringify([principal, asked, state]))
    .digest('base64url');
}
