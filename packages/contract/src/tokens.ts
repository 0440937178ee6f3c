import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';

export const tokenShape = z.object({
  id: id('tok'),
  name: z.string(),
  /** The visible first characters; the rest is known to its holder only. */
  prefix: z.string(),
  member: z.object({ id: id('mem'), email: z.string() }),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});

export const listTokens = operation({
  name: 'tokens.list',
  method: 'GET',
  path: '/tokens',
  permission: 'self',
  summary: 'List one’s own personal tokens; admins may ask for another member’s, or for all',
  input: z.object({ ...paging, member: z.union([id('mem'), z.literal('all')]).optional() }),
  output: page(tokenShape),
});

export const createToken = operation({
  name: 'tokens.create',
  method: 'POST',
  path: '/tokens',
  permission: 'self',
  status: 201,
  summary: 'Make a personal token; its value is in this answer and nowhere else',
  input: z.object({ name: z.string().trim().min(1).max(200), expiresAt: time.nullish() }),
  output: tokenShape.extend({ token: z.string() }),
});

export const revokeToken = operation({
  name: 'tokens.revoke',
  method: 'DELETE',
  path: '/tokens/{id}',
  permission: 'self',
  status: 204,
  summary: 'Revoke a token (one’s own; admins any); it stops working at the next request',
  input: z.object({ id: id('tok') }),
  output: nothing,
});
