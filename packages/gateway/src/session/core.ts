import type { GatewayHost, GatewaySettings } from '../ports.ts';
import type { Links } from '../upstream/links.ts';
import type { ClientCall } from './client-call.ts';
import type { Judge } from './judge.ts';
import type { Scribe } from './scribe.ts';

/** What every conversation works with. */
export interface Core {
  readonly host: GatewayHost;
  readonly settings: GatewaySettings;
  readonly judge: Judge;
  readonly scribe: Scribe;
  readonly links: Links;
  /** Calls under way, for deadlines. */
  readonly underway: Set<ClientCall>;
}
