// What the condition of a grant may look at: who asks, for what, from where and when. A condition that cannot be evaluated
// opens nothing: it counts as not fulfilled where it would allow, and as fulfilled where it denies.
import type { ServerEntry } from '../catalog/server.ts';
import type { ItemKind } from './access.ts';
import type { ToolFacts } from '../policy/message-facts.ts';
import type { Caller } from './caller.ts';

/** What is true at the moment of a message, whatever it says. */
export interface Circumstances {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Where the message came from, as an IP address; null where it came over no network. */
  readonly address: string | null;
  /** What the client calls itself: a claim. */
  readonly client: string | null;
}

/** One use of a server, as conditions see it. */
export interface Attempt extends Circumstances {
  readonly caller: Pick<Caller, 'member' | 'email' | 'role' | 'teams'>;
  readonly server: Pick<ServerEntry, 'id' | 'name' | 'transport'>;
  /** null where it is about the server as a whole. */
  readonly kind: ItemKind | null;
  /** The tool's or prompt's name as the server knows it, or the resource's URI. */
  readonly name: string;
  /** What the server says of the tool; left out where that is not known. */
  readonly tool?: (name: string) => ToolFacts | null;
  /** Names of the caller's teams. */
  readonly teamNames?: () => readonly string[];
  /** What the call says, as JSON; not asked for in listings. */
  arguments(): unknown;
}

export interface Condition {
  /** It cannot be known before the call itself: in listings, what depends on it is shown. */
  readonly needsArguments: boolean;
  /** Throws where it cannot be evaluated. */
  holds(attempt: Attempt): boolean;
}
