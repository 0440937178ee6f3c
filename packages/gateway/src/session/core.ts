import type { Caller } from '@mcpvault/domain/identity/caller';
import type { GatewayHost, GatewaySettings } from '../ports.ts';
import type { Bridge } from './bridge/bridge.ts';
import type { Health } from './health.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { Continuations } from './held/continuations.ts';
import type { Judge } from './judge.ts';
import type { KnownLists } from './known-lists.ts';
import type { ListShelf } from './list-shelf.ts';
import type { Listed, Roster } from './roster.ts';
import type { Scribe } from './scribe.ts';
import type { SessionMemory } from './session-memory.ts';
import type { Setbacks } from './setbacks.ts';
import type { ToolIndexes } from './tool-finder.ts';

/** A call under way, for deadlines. */
export interface Waiting extends Listed {
  /** Called about once a second. */
  sweep(now: number): void;
  readonly caller: Caller;
  /** Their caller may do nothing any more. */
  revoke(): void;
  /** The hub stops: those that would wait for ever end now. */
  stop(): void;
}

/** What every conversation works with. */
export interface Core {
  readonly host: GatewayHost;
  readonly settings: GatewaySettings;
  readonly judge: Judge;
  /** What conversations have done so far. */
  readonly memory: SessionMemory;
  readonly scribe: Scribe;
  /** The way to every server. */
  readonly bridge: Bridge;
  readonly health: Health;
  readonly held: HeldBytes;
  readonly setbacks: Setbacks;
  /** What servers listed lately, for merged endpoints. */
  readonly lists: ListShelf;
  /** What servers listed lately, for single endpoints. */
  readonly known: KnownLists;
  readonly toolIndexes: ToolIndexes;
  readonly underway: Roster<Waiting>;
  /** What was approved, and waits for its client to bring what the server asked for. */
  readonly continuations: Continuations;
}
