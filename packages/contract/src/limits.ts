import { z } from 'zod';
import { id, nothing, operation, time } from './operation.ts';

const subjectTypes = ['organization', 'team', 'member', 'token'] as const;
const periods = ['second', 'minute', 'hour', 'day', 'month'] as const;
const mostCalls = 1_000_000_000;

/** With an id: of that one. Without: of each by itself. */
export const limitSubject = z.discriminatedUnion('type', [
  z.object({ type: z.literal('organization'), id: z.null().default(null) }),
  z.object({ type: z.literal('team'), id: id('team').nullable().default(null) }),
  z.object({ type: z.literal('member'), id: id('mem').nullable().default(null) }),
  z.object({ type: z.literal('token'), id: id('tok').nullable().default(null) }),
]);

/** How far a limit is used by one of those whose calls are counted together. */
const limitUse = z.object({
  /** A team, member or token; null for the organization. */
  subject: z.object({ id: z.string(), label: z.string() }).nullable(),
  /** Calls that could be made now. */
  left: z.number().int(),
  used: z.number().int(),
  /** When all of it is there again. */
  fullAt: time,
});

export const limitShape = z.object({
  id: id('lim'),
  name: z.string(),
  subject: z.object({ type: z.enum(subjectTypes), id: z.string().nullable(), label: z.string().nullable() }),
  /** null: calls of every server. */
  server: z.object({ id: id('srv'), name: z.string() }).nullable(),
  /** null: every use of a server. */
  tools: z.array(z.string()).nullable(),
  calls: z.number().int(),
  /** Days and months are those of UTC. */
  per: z.enum(periods),
  /** Calls that may come at once; null for days and months. */
  burst: z.number().int().nullable(),
  enabled: z.boolean(),
  /** Those who used most of it, at most ten. */
  use: z.array(limitUse),
  createdAt: time,
});

const calls = z.number().int().min(1).max(mostCalls);

export const listLimits = operation({
  name: 'limits.list',
  method: 'GET',
  path: '/limits',
  permission: 'limits:read',
  summary: 'List rates and quotas, and how far they are used',
  input: z.object({}),
  output: z.object({ items: z.array(limitShape), next: z.null() }),
});

export const createLimit = operation({
  name: 'limits.create',
  method: 'POST',
  path: '/limits',
  permission: 'limits:write',
  status: 201,
  summary:
    'Limit calls of the organization, a team, a member or a token: a rate with a burst, or a quota per day or month',
  input: z.object({
    name: z.string().trim().min(1).max(100),
    subject: limitSubject,
    /** By id or name. */
    server: z.string().min(1).max(100).nullish(),
    tools: z.array(z.string().min(1).max(200)).min(1).max(1000).nullish(),
    calls,
    per: z.enum(periods),
    /** Of rates; as many as `calls` when left out. */
    burst: calls.nullish(),
    enabled: z.boolean().default(true),
  }),
  output: limitShape,
});

export const updateLimit = operation({
  name: 'limits.update',
  method: 'PATCH',
  path: '/limits/{id}',
  permission: 'limits:write',
  summary: 'Change how much a limit allows, or switch it off or on; what was used of a quota stays used',
  input: z.object({
    id: id('lim'),
    name: z.string().trim().min(1).max(100).optional(),
    calls: calls.optional(),
    burst: calls.nullish(),
    enabled: z.boolean().optional(),
  }),
  output: limitShape,
});

export const removeLimit = operation({
  name: 'limits.remove',
  method: 'DELETE',
  path: '/limits/{id}',
  permission: 'limits:write',
  status: 204,
  summary: 'Remove a limit',
  input: z.object({ id: id('lim') }),
  output: nothing,
});
