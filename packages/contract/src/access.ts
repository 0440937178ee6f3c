import { z } from 'zod';
import { grantCondition } from './grants.ts';
import { id, operation, page, paging, time } from './operation.ts';
import { role } from './roles.ts';

const who = z.object({ id: id('mem'), email: z.string(), name: z.string() });
const serverName = z.string().min(1).max(100);
const tool = z.string().min(1).max(300);

const step = z.object({
  about: z.enum(['member', 'server', 'role', 'grant', 'tool', 'deny', 'prompt', 'resource']),
  /** Whether it speaks for the access. */
  speaksFor: z.boolean(),
  text: z.string(),
  grant: id('grt').nullable(),
});

const names = z.array(z.string());

/** What is open of a server. null: everything but what is listed in `except`. */
const extent = z.object({
  tools: names.nullable(),
  prompts: names.nullable(),
  resources: names.nullable(),
  except: z.object({ tools: names, prompts: names, resources: names }),
  /** True when some of it is open, or closed, under a condition only. */
  isConditional: z.boolean(),
});

const item = {
  tool: tool.optional(),
  prompt: tool.optional(),
  resource: z.string().min(1).max(4000).optional(),
};

export const explainAccess = operation({
  name: 'access.explain',
  method: 'GET',
  path: '/access/explain',
  permission: 'self',
  summary: 'Why a member may use a server or something of it, or may not; for others than oneself it takes grants:read',
  input: z.object({
    /** By id; oneself when left out. */
    member: id('mem').optional(),
    /** By id or name. */
    server: serverName,
    /** At most one of the three. */
    ...item,
    /** What conditions look at: the time, where a message comes from, and what it says, as a JSON object. */
    at: time.optional(),
    address: z.union([z.ipv4(), z.ipv6()]).optional(),
    arguments: z.string().max(10_000).optional(),
  }),
  output: z.object({
    member: who,
    server: z.object({ id: id('srv'), name: z.string() }),
    item: z.object({ kind: z.enum(['tool', 'prompt', 'resource']), name: z.string() }).nullable(),
    tool: z.string().nullable(),
    allowed: z.boolean(),
    /** Tools that are open to the member; null for every tool. */
    tools: names.nullable(),
    /** null when nothing of the server is open at all. */
    extent: extent.nullable(),
    /** What was looked at, in its order. */
    steps: z.array(step),
  }),
});

export const listAccess = operation({
  name: 'access.list',
  method: 'GET',
  path: '/access',
  permission: 'grants:read',
  summary: 'Every member, and whether they may use a server or something of it now',
  input: z.object({ ...paging, server: serverName, ...item, q: z.string().max(200).optional() }),
  output: page(
    z.object({
      member: who,
      allowed: z.boolean(),
      tools: names.nullable(),
      extent: extent.nullable(),
      because: z.string(),
    }),
  ),
});

export const previewGrant = operation({
  name: 'access.preview',
  method: 'GET',
  path: '/access/preview',
  permission: 'grants:read',
  summary: 'Who could use more, or less, if this grant or deny were made',
  input: z.object({
    effect: z.enum(['allow', 'deny']).default('allow'),
    subject: z.union([id('mem'), id('team'), role]),
    server: serverName,
    /** Comma-separated; the whole server when all three are left out. */
    tools: z.string().min(1).max(4000).optional(),
    prompts: z.string().min(1).max(4000).optional(),
    resources: z.string().min(1).max(4000).optional(),
    condition: grantCondition.optional(),
  }),
  output: z.object({
    /** At most 200 of them. */
    gains: z.array(z.object({ member: who, before: names.nullable(), after: names.nullable() })),
    gaining: z.number().int(),
    /** At most 200 of those for whom something is no longer open, or only under the condition. */
    losses: z.array(z.object({ member: who, before: names.nullable(), after: names.nullable() })),
    losing: z.number().int(),
    /** Members whom it would name, and for whom nothing changes. */
    unchanged: z.number().int(),
  }),
});
