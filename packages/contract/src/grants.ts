import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';
import { role } from './roles.ts';

export const grantSubject = z.discriminatedUnion('type', [
  z.object({ type: z.literal('member'), id: id('mem') }),
  z.object({ type: z.literal('team'), id: id('team') }),
  z.object({ type: z.literal('role'), id: role }),
]);

export const grantShape = z.object({
  id: id('grt'),
  subject: z.object({ type: z.enum(['member', 'team', 'role']), id: z.string(), label: z.string() }),
  server: z.object({ id: id('srv'), name: z.string() }),
  /** null: every tool. */
  tools: z.array(z.string()).nullable(),
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
  summary: 'Let a member, team or role use a server, or only some of its tools',
  input: z.object({
    subject: grantSubject,
    /** The server's id or name. */
    server: z.string().min(1).max(100),
    tools: z.array(z.string().min(1).max(200)).min(1).max(1000).nullish(),
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
  summary: 'Take a grant back; it ends at the next message',
  input: z.object({ id: id('grt') }),
  output: nothing,
});
