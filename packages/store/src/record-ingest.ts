// The way from a journal into the database. Exactly once: the journal's position moves in the transaction that stores its
// blocks, so whatever is sent again is left out, and whatever was cut off is as if it had never begun.
import type { RecordedBatch } from '@mcpvault/domain/record/recorded-batch';
import type pg from 'pg';

export interface Ingested {
  /** Messages that were not in the record before. */
  readonly inserted: number;
  /** Records that no database would take, such as text that is not JSON; they are left out so that the rest can pass. */
  readonly rejected: number;
}

/** Throws `database_unavailable` when the batch could not be stored now: keep it and send it again. */
export type Ingest = (batch: RecordedBatch) => Promise<Ingested>;
