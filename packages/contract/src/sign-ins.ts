import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';

export const listSignIns = operation({
  name: 'sign-ins.list',
  method: 'GET',
  path: '/sign-ins',
  permission: 'self',
  summary: 'Where one is signed in; for another member it takes tokens:write-any',
  input: z.object({ ...paging, member: id('mem').optional() }),
  output: page(
    z.object({
      id: id('sin'),
      /** What was signed in with, as it calls itself. */
      client: z.string(),
      /** What was shown: a password, a one-time link, a passkey, or who one is at an identity provider. */
      method: z.enum(['password', 'link', 'passkey', 'provider', 'device']),
      createdAt: time,
      /** However much it is used, it ends then. */
      expiresAt: time,
      /** The one that asks. */
      isThis: z.boolean(),
    }),
  ),
});

export const endSignIn = operation({
  name: 'sign-ins.end',
  method: 'DELETE',
  path: '/sign-ins/{id}',
  permission: 'self',
  status: 204,
  summary: 'End a sign-in (one’s own; with tokens:write-any, another’s); its tokens stop working at the next request',
  input: z.object({ id: id('sin') }),
  output: nothing,
});
