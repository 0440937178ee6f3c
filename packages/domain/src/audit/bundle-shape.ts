// What binds the files of an evidence bundle together: the hub's signature under their digests, who asked for it, and the
// signature that closes the log in it.
import { z } from 'zod';
import { hashText } from './export-lines.ts';

export const bundleFormat = 'mcpvault-evidence/1';

export const manifestShape = z.strictObject({
  type: z.literal('bundle'),
  format: z.literal(bundleFormat),
  organization: z.templateLiteral(['org_', z.string()]),
  /** Who asked for it, and when: milliseconds since the Unix epoch. */
  by: z.strictObject({ id: z.string(), email: z.string() }),
  at: z.number().int().min(0),
  /** The range of time that was asked for; null: no bound. */
  from: z.number().int().nullable(),
  to: z.number().int().nullable(),
  /** Of the line that closes `audit.jsonl`. */
  closing: z.string().max(200),
  /** Every file but the log and this one. */
  files: z.array(z.strictObject({ name: z.string().regex(/^[\w-]+\.[a-z]+$/), sha256: hashText })).max(50),
  key: z.string().max(100),
  /** Ed25519, base64. */
  signature: z.string().max(200),
});
export type Manifest = z.output<typeof manifestShape>;
