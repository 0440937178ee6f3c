// What policies did and would do, from the record: hits, one recorded message judged by a draft, and a shadow compared with
// what really happened.
import { z } from 'zod';
import { id, operation, time } from './operation.ts';
import { definitionDraft, sideShape, tally, triedEdit } from './policy-definitions.ts';

export const countPolicyHits = operation({
  name: 'policies.hits',
  method: 'GET',
  path: '/policies/hits',
  permission: 'policies:read',
  summary: 'Count what each policy did in the last 24 hours',
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        policy: id('pol'),
        /** Messages, or sides of messages, that it was asked about. */
        asked: z.number().int(),
        matched: z.number().int(),
        /** Of those that matched, where it stopped or changed something. */
        acted: z.number().int(),
        /** Of those that matched, where it only watched. */
        watched: z.number().int(),
        /** Where its condition could not be evaluated. */
        failed: z.number().int(),
        lastAt: time.nullable(),
      }),
    ),
    from: time,
    /** False where there were more messages than are counted: then the newest count. */
    complete: z.boolean(),
  }),
});

const triedSide = z.object({
  outcome: z.enum(['allowed', 'edited', 'held', 'refused']),
  reason: z.string().nullable(),
  /** null for callers without `messages:read-original`. */
  original: z.string().nullable(),
  /** null for them too, and where nothing is delivered. */
  delivered: z.string().nullable(),
  edits: z.array(triedEdit),
  trace: sideShape,
  findings: z.array(z.object({ detector: z.string(), pointer: z.string(), confidence: z.number() })),
});

export const tryRecorded = operation({
  name: 'policies.tryRecorded',
  method: 'POST',
  path: '/policies/definitions/try-recorded',
  permission: 'policies:write',
  summary: 'Judge one recorded message by a draft alone; nothing is sent or saved',
  input: z.object({ policy: definitionDraft, message: id('msg') }),
  output: z.object({ call: triedSide.nullable(), result: triedSide.nullable() }),
});

export const compareShadow = operation({
  name: 'policies.comparison',
  method: 'GET',
  path: '/policies/definitions/{id}/comparison',
  permission: 'policies:read',
  summary: 'Compare what a policy would have done as a shadow with what happened, from the record',
  input: z.object({ id: id('pol'), from: time, to: time }),
  output: z.object({
    asked: z.number().int(),
    /** What it would have done, where it only watched. */
    would: tally,
    /** What it did, where it enforced. */
    did: tally,
    failed: z.number().int(),
    /** Would have been stopped or changed by it, and went through as they were. */
    newly: z.number().int(),
    complete: z.boolean(),
    members: z.array(z.object({ member: id('mem'), email: z.string(), messages: z.number().int() })),
    tools: z.array(z.object({ server: z.string(), tool: z.string(), messages: z.number().int() })),
    examples: z.array(
      z.object({
        message: id('msg'),
        at: time,
        member: id('mem'),
        email: z.string(),
        tool: z.string().nullable(),
        side: z.enum(['call', 'result']),
        would: z.enum(['refused', 'held', 'edited', 'allowed']),
        /** Whether it only watched. */
        shadow: z.boolean(),
        /** What became of the message. */
        outcome: z.string(),
      }),
    ),
  }),
});
