// What a proof of one call or one entry is made of; `proof.ts` checks it.
import { z } from 'zod';
import { callShape, checkpointShape, entryShape, hashText, keysShape } from './export-lines.ts';

export const proofFormat = 'mcpvault-audit-proof/1';

export const proofShape = z.strictObject({
  type: z.literal('proof'),
  format: z.literal(proofFormat),
  /** The call, and its path to the root that its entry holds; null where an entry is proven. */
  call: z.strictObject({ shown: callShape, path: z.array(hashText).max(64) }).nullable(),
  entry: entryShape,
  /** From the entry to the root that was signed. */
  path: z.array(hashText).max(64),
  checkpoint: checkpointShape,
  keys: keysShape,
});
export type Proof = z.output<typeof proofShape>;
