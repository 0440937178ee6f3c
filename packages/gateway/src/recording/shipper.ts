// The one way from the journal to the database. API first; the body follows.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { RecordedBatch } from '@mcpvault/domain/record/recorded-batch';
import type { Log } from '../ports.ts';
import type { JournalSource } from './journal.ts';

export interface ShipperDeps {
  readonly journal: JournalSource;
  /** Applies a batch idempotently; retried with back-off for as long as it rejects. */
  ingest(batch: RecordedBatch): Promise<unknown>;
  /** Position up to which the database holds this journal; 0 when it has never heard of it. */
  position(journal: string): Promise<number>;
  readonly ambient: Ambient;
  readonly log: Log;
}

export interface Shipper {
  start(): void;
  /** Waits for the batch under way, then ends. */
  stop(): Promise<void>;
  /** Resolves once everything written before the call has arrived. */
  drained(): Promise<void>;
  lag(): { readonly blocks: number; readonly oldestMs: number };
}

export declare function createShipper(deps: ShipperDeps): Shipper;
