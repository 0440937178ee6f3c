// An export is JSON lines that carry all that is needed to check them: a header, the entries in order, signed checkpoints
// on the way, and at the end a checkpoint that was signed for this export.
import { z } from 'zod';
import type { AuditEntry, LogHead } from './log.ts';
import type { PublicKey, SignedCheckpoint } from './checkpoint.ts';

export const exportFormat = 'mcpvault-audit/1';

export const hashText = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const organization = z.templateLiteral(['org_', z.string()]);

export const keysShape = z.array(z.strictObject({ id: z.string().max(100), publicKey: z.string().max(100) })).max(1000);

/** The first line. */
export const headerShape = z.strictObject({
  type: z.literal('header'),
  format: z.literal(exportFormat),
  organization,
  /** How the log stood before the first entry. */
  before: z.strictObject({ size: count, chain: hashText, peaks: z.array(hashText).max(64) }),
  /** Those that signed the checkpoints; compare them with what the hub publishes. */
  keys: keysShape,
  /** Whether the calls stand behind the entries that stand for them; left out: no. */
  calls: z.boolean().optional(),
});

/** The action of an entry that stands for calls. */
export const callsAction = 'messages.record';

export const entryShape = z.strictObject({
  type: z.literal('entry'),
  sequence: count,
  id: z.templateLiteral(['aud_', z.string()]),
  organization,
  at: count,
  actor: z.string(),
  action: z.string(),
  subject: z.string().nullable(),
  outcome: z.enum(['done', 'refused']),
  detail: z.record(z.string(), z.unknown()),
  /** The chain's hash after it. */
  chain: hashText,
});

const removed = z.strictObject({
  type: z.literal('removed'),
  sequence: count,
  /** The hash that the entry had. */
  leaf: hashText,
  chain: hashText,
});

export const checkpointShape = z.strictObject({
  type: z.literal('checkpoint'),
  organization,
  size: count,
  from: count.nullable(),
  root: hashText,
  chain: hashText,
  at: count,
  key: z.string().max(100),
  signature: z.string().max(200),
});

/** One call, behind the entry that stands for it and others. */
export const callShape = z.strictObject({
  type: z.literal('call'),
  /** Of that entry. */
  sequence: count,
  /** Its place among the entry's calls, counted from 0. */
  index: count,
  /** The hash of its line in the journal, of which `record` is the reading. */
  leaf: hashText,
  record: z.record(z.string(), z.unknown()),
});

export const exportLine = z.discriminatedUnion('type', [headerShape, entryShape, removed, checkpointShape, callShape]);
export type ExportLine = z.output<typeof exportLine>;

export type HeaderLine = Extract<ExportLine, { type: 'header' }>;
export type EntryLine = Extract<ExportLine, { type: 'entry' }>;
export type RemovedLine = Extract<ExportLine, { type: 'removed' }>;
export type CallLine = Extract<ExportLine, { type: 'call' }>;
export type CheckpointLine = Extract<ExportLine, { type: 'checkpoint' }>;

export function headerLine(
  of: AuditEntry['organization'],
  before: LogHead,
  keys: readonly PublicKey[],
  calls = false,
): HeaderLine {
  return {
    type: 'header',
    format: exportFormat,
    organization: of,
    before: {
      size: before.frontier.size,
      chain: before.chain.toString('hex'),
      peaks: before.frontier.peaks.map((peak) => peak.toString('hex')),
    },
    keys: keys.map(({ id, publicKey }) => ({ id, publicKey })),
    ...(calls && { calls }),
  };
}

export function entryLine(said: AuditEntry, sequence: number, chain: Buffer): EntryLine {
  const { id, organization: of, at, actor, action, subject, outcome, detail } = said;
  const line = { sequence, id, organization: of, at, actor, action, subject, outcome, detail: { ...detail } };
  return { type: 'entry', ...line, chain: chain.toString('hex') };
}

export function checkpointLine(signed: SignedCheckpoint): CheckpointLine {
  const { organization: of, size, from, root, chain, at, key, signature } = signed;
  return { type: 'checkpoint', organization: of, size, from, root, chain, at, key, signature };
}
