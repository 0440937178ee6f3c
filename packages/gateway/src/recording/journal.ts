// The journal: records are on disk before their answers leave. API first; the body follows.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { SealedBlock, Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { Log, RecorderPort } from '../ports.ts';

export interface JournalSettings {
  /** Bound of all segments on disk, in bytes. */
  readonly maxBytes: number;
  /** A segment is closed once it is this large, in bytes. */
  readonly segmentBytes: number;
  /** What a record outlives once `done` was called: a kill -9 of the process, or a loss of power too. */
  readonly durability: 'process' | 'power';
  /** When nothing more can be written: refuse calls, or go on and count what is lost. */
  readonly whenFull: 'refuse' | 'lose';
}

export interface JournalDeps {
  /** Made with mode 0700 when absent. One running process per directory. */
  readonly directory: string;
  readonly sealer: Sealer;
  readonly ambient: Ambient;
  readonly log: Log;
  readonly settings: JournalSettings;
  /** Told after `done`, for live views. */
  onRecorded(records: readonly MessageRecord[]): void;
}

export interface JournalState {
  /** Of all segments on disk. */
  readonly bytes: number;
  /** Written and not yet acknowledged by the database. */
  readonly pendingBlocks: number;
  /** Records lost since the start; only with `whenFull: 'lose'`. */
  readonly lost: number;
  /** For people: why nothing can be written at present. */
  readonly failing: string | null;
}

/** A block as it lies in the journal. */
export interface JournalBlock {
  readonly position: number;
  /** When it was written: milliseconds since the epoch. */
  readonly at: number;
  readonly block: SealedBlock;
}

/** What the shipper needs of a journal. */
export interface JournalSource {
  /** Ids of the journals in the directory, oldest first; the last one is being written, the others are leftovers. */
  journals(): readonly string[];
  /** The next blocks after `position`, in order; empty when there are none. */
  read(
    journal: string,
    position: number,
    limit: { readonly blocks: number; readonly bytes: number },
  ): Promise<readonly JournalBlock[]>;
  /** Every block up to `position` has arrived: deletes segments that hold nothing else. */
  acknowledge(journal: string, position: number): void;
  /** `listener` is told when new blocks can be read. */
  onWritten(listener: () => void): void;
  /** Blocks not yet acknowledged, and when the oldest of them was written. */
  backlog(): { readonly blocks: number; readonly oldestAt: number | null };
}

export interface Journal extends JournalSource {
  readonly recorder: RecorderPort;
  /** Throws `Failure('record_unavailable')`, with the fix, when the directory cannot be used. */
  start(): Promise<void>;
  /** Resolves once everything appended so far is written or has failed. */
  flush(): Promise<void>;
  /** Flushes and ends; later appends fail. */
  close(): Promise<void>;
  state(): JournalState;
}

export declare function createJournal(deps: JournalDeps): Journal;
