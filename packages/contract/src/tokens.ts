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
  /** What it was narrowed to; null where it may do all that its member may. */
  scope: z
    .object({
      operations: z.array(z.string()).nullable(),
      servers: z
        .array(
          z.object({ server: z.object({ id: id('srv'), name: z.string() }), tools: z.array(z.string()).nullable() }),
        )
        .nullable(),
    })
    .nullable(),
  /** The token that took its place when it was rotated. */
  replacedBy: id('tok').nullable(),
});

export const scopeDraft = z.object({
  /**
   * Operations of the API that the key reaches, by name (`servers.list`) or area (`servers.*`), as far as its member may.
   * null: those that every key reaches, which read what is the member's own.
   */
  operations: z.array(z.string().min(1).max(100)).max(200).nullish(),
  /** Servers by id or name, each with the tools that the key reaches (null: all). null: all that its member may use. */
  servers: z
    .array(
      z.object({
        server: z.string().min(1).max(100),
        tools: z.array(z.string().min(1).max(200)).min(1).max(1000).nullish(),
      }),
    )
    .max(500)
    .nullish(),
});

export const listTokens = operation({
  name: 'tokens.list',
  method: 'GET',
  path: '/tokens',
  permission: 'self',
  summary:
    'List one’s own tokens, or those of a service account that is one’s own; admins may ask for anybody’s, or for all',
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
  input: z.object({
    name: z.string().trim().min(1).max(200),
    expiresAt: time.nullish(),
    scope: scopeDraft.nullish(),
  }),
  output: tokenShape.extend({ token: z.string() }),
});

export const rotateToken = operation({
  name: 'tokens.rotate',
  method: 'POST',
  path: '/tokens/{id}/rotate',
  permission: 'self',
  inPerson: false,
  status: 201,
  summary: 'Make a token that takes the place of another: the same scope, and the old one works until a stated time',
  input: z.object({
    id: id('tok'),
    /** A day from now when left out, at most 30 days. The old token never lasts longer than it did. */
    oldUntil: time.optional(),
    /** Of the new one; as long from now as the old one was made for when left out. */
    expiresAt: time.nullish(),
  }),
  output: tokenShape.extend({ token: z.string(), oldUntil: time }),
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
