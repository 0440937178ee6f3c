import { z } from 'zod';
import { id, operation, page, paging } from './operation.ts';
import { role } from './roles.ts';

const who = z.object({ id: id('mem'), email: z.string(), name: z.string() });
const serverName = z.string().min(1).max(100);
const tool = z.string().min(1).max(300);

const step = z.object({
  about: z.enum(['member', 'server', 'role', 'grant', 'tool']),
  /** Whether it speaks for the access. */
  speaksFor: z.boolean(),
  text: z.string(),
  grant: id('grt').nullable(),
});

export const explainAccess = operation({
  name: 'access.explain',
  method: 'GET',
  path: '/access/explain',
  permission: 'self',
  summary:
    'Why a member may use a server or one of its tools, or may not; for others than oneself it takes grants:read',
  input: z.object({
    /** By id; oneself when left out. */
    member: id('mem').optional(),
    /** By id or name. */
    server: serverName,
    tool: tool.optional(),
  }),
  output: z.object({
    member: who,
    server: z.object({ id: id('srv'), name: z.string() }),
    tool: z.string().nullable(),
    allowed: z.boolean(),
    /** Tools that are open to the member; null for every tool. */
    tools: z.array(z.string()).nullable(),
    /** What was looked at, in its order. */
    steps: z.array(step),
  }),
});

export const listAccess = operation({
  name: 'access.list',
  method: 'GET',
  path: '/access',
  permission: 'grants:read',
  summary: 'Every member, and whether they may use a server or one of its tools',
  input: z.object({ ...paging, server: serverName, tool: tool.optional(), q: z.string().max(200).optional() }),
  output: page(
    z.object({ member: who, allowed: z.boolean(), tools: z.array(z.string()).nullable(), because: z.string() }),
  ),
});

export const previewGrant = operation({
  name: 'access.preview',
  method: 'GET',
  path: '/access/preview',
  permission: 'grants:read',
  summary: 'Who could use more if this grant were made',
  input: z.object({
    subject: z.union([id('mem'), id('team'), role]),
    server: serverName,
    /** Comma-separated; every tool when left out. */
    tools: z.string().min(1).max(4000).optional(),
  }),
  output: z.object({
    /** At most 200 of them. */
    gains: z.array(
      z.object({ member: who, before: z.array(z.string()).nullable(), after: z.array(z.string()).nullable() }),
    ),
    gaining: z.number().int(),
    /** Members whom the grant would name, but who have all of it already. */
    unchanged: z.number().int(),
  }),
});
