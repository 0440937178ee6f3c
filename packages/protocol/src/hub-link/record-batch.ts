// What passed through a workstation's bridges, in the order in which its journal has it. A journal numbers its items from 0
// without a gap; the hub takes each number once, says how far it has come, and shows what never came.
import { z } from 'zod';
import { count, hubId, longText, moment, ownId, shortText } from './words.ts';

const edit = z.object({
  start: count,
  end: count,
  replacement: z.string().max(1024 * 1024),
  layer: z.enum(['hub', 'workstation']),
  /** A policy of the hub, or one of the workstation's own (`pol_local…`). */
  policy: z.string().max(60).nullable(),
  reason: z.string().max(1000),
  detector: z.string().max(100).nullable(),
});

const finding = z.object({
  detector: z.string().max(100),
  start: count,
  end: count,
  pointer: z.string().max(2000),
  inKey: z.boolean(),
  inNumber: z.boolean().optional(),
  encoding: z.string().max(40).optional(),
  confidence: z.number().min(0).max(1),
});

/** One side of an exchange: its original, unless `settings.messages` says otherwise, and what was made of it. */
const side = z.object({
  /** Base64 of the bytes; null when they are not sent, or there were none. */
  original: z.base64().nullable(),
  edits: z.array(edit).max(10_000),
  findings: z.array(finding).max(10_000),
});

const message = z.object({
  type: z.literal('message'),
  /** Made by the workstation; the hub keeps it, so that both speak of the same message. */
  id: hubId('msg'),
  at: moment,
  conversation: hubId('con').nullable(),
  client: z.string().max(300).nullable(),
  /** What the client asked for: the name of the server. */
  serverName: z.string().max(200).nullable(),
  /** The hub's server, where it is a delegated one. */
  server: hubId('srv').nullable(),
  direction: z.enum(['call', 'result']),
  method: z.string().max(200),
  target: z.string().max(2000).nullable(),
  protocol: z.string().max(40).nullable(),
  outcome: z.enum(['answered', 'tool_error', 'error', 'refused', 'failed', 'cancelled', 'sent']),
  code: z.string().max(100).nullable(),
  reason: longText.nullable(),
  durationUs: count,
  upstreamUs: count.nullable(),
  request: side,
  response: side,
  parameters: longText.nullable(),
  trace: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable(),
  /** The trace of policies, as `domain/policy/rule-trace` writes it. */
  judged: z.json().nullable(),
});
export type RecordedMessage = z.infer<typeof message>;

/** A policy said: tell somebody. */
const alert = z.object({
  type: z.literal('alert'),
  id: ownId,
  at: moment,
  message: hubId('msg').nullable(),
  policy: z.string().max(60),
  severity: z.enum(['info', 'low', 'medium', 'high', 'critical']),
  title: shortText,
  serverName: z.string().max(200).nullable(),
  tool: z.string().max(300).nullable(),
});

/** The journal was full or broken, and these are gone. */
const lost = z.object({ type: z.literal('lost'), at: moment, items: count, why: shortText });

export const recordItem = z.discriminatedUnion('type', [message, alert, lost]);

export const recordBatch = z.object({
  /** Made anew whenever a journal begins at 0. */
  journal: ownId,
  items: z
    .array(z.object({ sequence: count, item: recordItem }))
    .min(1)
    .max(500),
});
export type RecordBatch = z.infer<typeof recordBatch>;

export const recordsTaken = z.object({
  /** The last number that is stored: everything up to it may be forgotten. */
  stored: z.int().min(-1),
  /** Items that are new with this batch. */
  taken: count,
  /** Items that no record could take; they count as stored. */
  rejected: count,
});
