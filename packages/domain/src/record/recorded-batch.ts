import type { OrganizationId } from '../ids.ts';

/**
 * Originals of one organization, sealed together by one flush of the journal. `sealed` is nonce (12 bytes), ciphertext
 * and tag (16 bytes) of AES-256-GCM under the organization's data key `key`; the additional data is the block's id.
 */
export interface SealedBlock {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly key: string;
  readonly sealed: Buffer;
  /** The `MessageRecord`s whose originals lie in this block, as lines that `encodeRecord` wrote. */
  readonly records: Buffer;
  /** How many they are. */
  readonly count: number;
}

/**
 * What travels from a journal to the database at once. Applying it is idempotent: a batch whose `to` is not past the
 * position already stored for its journal is ignored, and blocks up to that position are skipped.
 */
export interface RecordedBatch {
  readonly journal: string;
  /** Blocks in the order they were written; `position` grows by one per block over the life of the journal. */
  readonly blocks: readonly RecordedBlock[];
}

export interface RecordedBlock {
  readonly position: number;
  /** When it was written: milliseconds since the epoch. */
  readonly at: number;
  readonly block: SealedBlock;
}

/** Seals and opens originals. Synchronous, so that the message path never waits for a key. */
export interface Sealer {
  /** Throws `Failure('record_unavailable')` when the organization's data key is not at hand. */
  seal(
    organization: OrganizationId,
    block: string,
    plaintext: Buffer,
  ): { readonly key: string; readonly sealed: Buffer };
  open(organization: OrganizationId, block: string, key: string, sealed: Buffer): Buffer;
}
