import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { SignInId } from '@mcpvault/domain/ids';

/** Who asks for an operation, and from where. */
export interface Actor {
  /** null before signing in. */
  readonly caller: Caller | null;
  readonly signIn: SignInId | null;
  /** The organization demands a second factor that this member has not set up: nothing else is open to this sign-in. */
  readonly mustEnrol: boolean;
  /** The remote address, for the audit entry and for slowing down guesses. */
  readonly address: string;
  /** What the caller's program calls itself; a claim, cut to 200 characters. */
  readonly client: string;
  readonly requestId: string;
}

export function signedIn(actor: Actor): Caller {
  if (actor.caller === null) throw new Failure('unauthenticated', 'Sign in first; this needs an access token.');
  return actor.caller;
}
