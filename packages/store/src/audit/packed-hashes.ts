// Several hashes of 32 bytes as one column.
import type { Hash } from '@mcpvault/domain/audit/merkle';

const bytes = 32;

export function packHashes(hashes: readonly Hash[]): Buffer {
  return Buffer.concat(hashes);
}

export function unpackHashes(packed: Buffer): readonly Hash[] {
  return Array.from({ length: packed.length / bytes }, (_, at) => packed.subarray(at * bytes, (at + 1) * bytes));
}
