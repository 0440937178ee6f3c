// The proof that one call, or one entry, is in the log that the hub signed: checked with a public key alone, without the
// rest of the log.
import { callsOf, hashOfShown } from './calls.ts';
import { isSignedBy, type PublicKey } from './checkpoint.ts';
import { entryHash } from './log.ts';
import { type Hash, rootFromInclusion } from './merkle.ts';
import type { Proof } from './proof-shape.ts';

/** null when it holds; else why it does not. `trusted: null` takes the proof's own word for the keys. */
export function whyNotProven(proof: Proof, trusted: readonly PublicKey[] | null): string | null {
  const { call, entry, path, checkpoint, keys } = proof;
  if (call !== null) {
    const calls = callsOf(entry);
    if (calls === null || call.shown.sequence !== entry.sequence) return 'the entry does not stand for this call';
    const leaf = hashOfShown(call.shown);
    const root = leaf && rootFromInclusion(leaf, call.shown.index, calls.calls, call.path.map(bytes));
    if (root?.toString('hex') !== calls.root) return 'the call is not one of those that the entry stands for';
  }
  if (entry.organization !== checkpoint.organization) return 'the signature is under the log of another organization';
  const leaf = entryHash(entry, entry.sequence);
  const root = rootFromInclusion(leaf, entry.sequence, checkpoint.size, path.map(bytes));
  if (root?.toString('hex') !== checkpoint.root) return 'the entry is not in the log that was signed';
  if ((trusted ?? keys).some((key) => isSignedBy(checkpoint, key))) return null;
  return 'the log is not signed with a key that is trusted';
}

function bytes(hash: string): Hash {
  return Buffer.from(hash, 'hex');
}
