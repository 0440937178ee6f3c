import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';
import { role } from './roles.ts';

export const grantSubject = z.discriminatedUnion('type', [
  z.object({ type: z.literal('member'), id: id('mem') }),
  z.object({ type: z.literal('team'), id: id('team') }),
  z.object({ type: z.literal('role'), id: role }),
]);

/** `*` at the end of a URI stands for every one that begins so. */
const named = (most: number) => z.array(z.string().min(1).max(most)).min(1).max(1000);

/** In the language of policies; it may speak of who asks, for what, from where, when, and with which arguments. */
export const grantCondition = z.string().trim().min(1).max(4000);

export const grantShape = z.object({
  id: id('grt'),
  /** A deny outweighs everything that allows the same. */
  effect: z.enum(['allow', 'deny']),
  subject: z.object({ type: z.enum(['member', 'team', 'role']), id: z.string(), label: z.string() }),
  server: z.object({ id: id('srv'), name: z.string() }),
  /** All three null: the whole server. Otherwise what is named, and nothing else of it. */
  tools: z.array(z.string()).nullable(),
  prompts: z.array(z.string()).nullable(),
  resources: z.array(z.string()).nullable(),
  condition: z.string().nullable(),
  reason: z.string().nullable(),
  expiresAt: time.nullable(),
  createdAt: time,
});

export const listGrants = operation({
  name: 'grants.list',
  method: 'GET',
  path: '/grants',
  permission: 'grants:read',
  summary: 'List grants',
  input: z.object({ ...paging, server: z.string().max(100).optional(), member: id('mem').optional() }),
  output: page(grantShape),
});

export const createGrant = operation({
  name: 'grants.create',
  method: 'POST',
  path: '/grants',
  permission: 'grants:write',
  status: 201,
  summary: 'Let a member, team or role use a server or some of it, or deny it to them; under a condition, for a while',
  input: z.object({
    effect: z.enum(['allow', 'deny']).default('allow'),
    subject: grantSubject,
    /** The server's id or name. */
    server: z.string().min(1).max(100),
    tools: named(200).nullish(),
    prompts: named(200).nullish(),
    resources: named(2000).nullish(),
    condition: grantCondition.nullish(),
    /** Told to whoever is refused by it. */
    reason: z.string().trim().min(1).max(500).nullish(),
    expiresAt: time.nullish(),
  }),
  output: grantShape,
});

export const removeGrant = operation({
  name: 'grants.remove',
  method: 'DELETE',
  path: '/grants/{id}',
  permission: 'grants:write',
  status: 204,
  summary: 'Take a grant or a deny back; it ends at the next message',
  input: z.object({ id: id('grt') }),
  output: nothing,
});
