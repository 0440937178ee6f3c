import { type Caller, type Principal, principalOf } from '@mcpvault/domain/identity/caller';
import type { IdentityPort } from '../ports.ts';

/** Asks with every message whose credential it is by now, and lets messages through in the order in which they came. */
export class Turnstile {
  readonly #identity: IdentityPort;
  readonly #credential: string;
  readonly #owner: Principal;
  /** Messages behind one whose caller is being looked up; null while there is none. */
  #waiting: (() => void)[] | null = null;

  constructor(identity: IdentityPort, credential: string, caller: Caller) {
    this.#identity = identity;
    this.#credential = credential;
    this.#owner = principalOf(caller);
  }

  get isFree(): boolean {
    return this.#waiting === null;
  }

  /** Calls with the caller as of now; null when the credential is nobody's any more, or somebody else's. */
  pass(then: (caller: Caller | null) => void): void {
    if (this.#waiting !== null) {
      this.#waiting.push(() => this.pass(then));
      return;
    }
    const found = this.#identity.identify(this.#credential);
    if (!(found instanceof Promise)) return then(this.#same(found));
    this.#waiting = [];
    const settle = (caller: Caller | null): void => {
      const waiting = this.#waiting ?? [];
      this.#waiting = null;
      then(caller);
      for (const go of waiting) go();
    };
    found.then(
      (caller) => settle(this.#same(caller)),
      () => settle(null),
    );
  }

  /** Calls once nothing waits any more. */
  whenFree(then: () => void): void {
    if (this.#waiting === null) then();
    else this.#waiting.push(() => this.whenFree(then));
  }

  #same(caller: Caller | null): Caller | null {
    return caller !== null && principalOf(caller) === this.#owner ? caller : null;
  }
}
