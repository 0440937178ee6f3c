import type { Attempt } from '@mcpvault/domain/identity/condition';
import { Reach } from '@mcpvault/domain/identity/reach';

/** All of a server, of which what is refused anyway is not shown; that it is refused, and why, is for policies to say. */
export class OpenReach extends Reach {
  override readonly isWhole = false;
  readonly #hides: (tool: string) => boolean;

  constructor(hides: (tool: string) => boolean) {
    super(true, [], []);
    this.#hides = hides;
  }

  override lists(attempt: Attempt): boolean {
    return attempt.kind !== 'tool' || !this.#hides(attempt.name);
  }
}
