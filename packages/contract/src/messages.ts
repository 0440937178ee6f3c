import { messageOutcomes } from '@mcpvault/domain/record/message-record';
import { z } from 'zod';
import { id, operation, page, paging, time } from './operation.ts';
import { traceShape } from './policy-definitions.ts';

export const editShape = z.object({
  start: z.number().int(),
  end: z.number().int(),
  replacement: z.string(),
  layer: z.enum(['hub', 'workstation']),
  policy: z.object({ id: id('pol'), name: z.string() }).nullable(),
  reason: z.string(),
  detector: z.string().nullable(),
});

export const findingShape = z.object({
  detector: z.string(),
  start: z.number().int(),
  end: z.number().int(),
  pointer: z.string(),
  inKey: z.boolean(),
  confidence: z.number(),
});

/** A line of the live list. */
export const messageShape = z.object({
  id: id('msg'),
  at: time,
  member: z.object({ id: id('mem'), email: z.string(), name: z.string() }),
  /** Who really acted, when somebody acted as the member. */
  actor: z.object({ id: id('mem'), email: z.string(), name: z.string() }).nullable(),
  client: z.string().nullable(),
  /** On which it was judged and carried; null: the hub did so itself. */
  workstation: z.object({ id: id('wst'), name: z.string() }).nullable(),
  /** null: the merged endpoint. */
  endpoint: z.string().nullable(),
  server: z.object({ id: id('srv'), name: z.string() }).nullable(),
  /** Who began it: `call` the client, `result` the server. */
  direction: z.enum(['call', 'result']),
  method: z.string(),
  target: z.string().nullable(),
  protocol: z.string().nullable(),
  outcome: z.enum(messageOutcomes as [(typeof messageOutcomes)[number], ...typeof messageOutcomes]),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  durationUs: z.number().int(),
  upstreamUs: z.number().int().nullable(),
  requestBytes: z.number().int().nullable(),
  responseBytes: z.number().int().nullable(),
  /** How many places policies edited. */
  redactions: z.number().int(),
});

/** One side of an exchange. Texts are UTF-8 JSON; offsets of edits and findings are bytes of the original. */
const body = z.object({
  /** As it came in; null for callers without `messages:read-original`. */
  original: z.string().nullable(),
  /** As it left: the original with the edits applied. */
  delivered: z.string(),
  edits: z.array(editShape),
  findings: z.array(findingShape),
});

export const listMessages = operation({
  name: 'messages.list',
  method: 'GET',
  path: '/messages',
  permission: 'messages:read',
  summary: 'List recorded messages, newest first; members see their own',
  input: z.object({
    ...paging,
    server: z.string().max(100).optional(),
    tool: z.string().max(300).optional(),
    member: id('mem').optional(),
    workstation: id('wst').optional(),
    method: z.string().max(100).optional(),
    outcome: messageShape.shape.outcome.optional(),
    /** Those that did not end well, in whatever way: `tool_error`, `error` or `failed`. */
    trouble: z.stringbool().optional(),
    redacted: z.stringbool().optional(),
    q: z.string().max(200).optional(),
    from: time.optional(),
    to: time.optional(),
  }),
  output: page(messageShape),
});

export const getMessage = operation({
  name: 'messages.get',
  method: 'GET',
  path: '/messages/{id}',
  permission: 'messages:read',
  /** Reading an original is itself recorded. */
  audited: true,
  summary: 'Show one message: what came in, what left, and which policy changed what',
  input: z.object({ id: id('msg') }),
  output: messageShape.extend({
    request: body.nullable(),
    response: body.nullable(),
    /** What policies said; null when none looked. */
    judged: traceShape.nullable(),
  }),
});

export const listConversation = operation({
  name: 'messages.conversation',
  method: 'GET',
  path: '/messages/{id}/conversation',
  permission: 'messages:read',
  summary: 'List the messages of the conversation that a message belongs to, oldest first, with what policies said',
  input: z.object({ id: id('msg') }),
  output: z.object({
    items: z.array(
      messageShape.extend({
        judged: traceShape.nullable(),
        /** Labels that the conversation has from here on, and had not before. */
        labels: z.array(z.string()),
      }),
    ),
    next: z.null(),
    /** False where the conversation is longer: then these are the ones around the message. */
    complete: z.boolean(),
  }),
});
