import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { GatewayHost, GatewaySettings } from '../ports.ts';
import type { Links } from '../upstream/links.ts';
import type { Health } from './health.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { Judge } from './judge.ts';
import type { Listed, Roster } from './roster.ts';
import type { Scribe } from './scribe.ts';
import type { Setbacks } from './setbacks.ts';

/** A call under way, for deadlines. */
export interface Waiting extends Listed {
  /** Called about once a second. */
  sweep(now: number): void;
  /** The hub stops: those that would wait for ever end now. */
  stop(): void;
}

/** What every conversation works with. */
export interface Core {
  readonly host: GatewayHost;
  readonly settings: GatewaySettings;
  readonly judge: Judge;
  readonly scribe: Scribe;
  readonly links: Links;
  readonly health: Health;
  readonly held: HeldBytes;
  readonly setbacks: Setbacks;
  /** Whether a server speaks the modern era; asked of the server itself where nobody knows. Rejects with a `Failure`. */
  speaksModern(server: ServerEntry): boolean | Promise<boolean>;
  readonly underway: Roster<Waiting>;
}
