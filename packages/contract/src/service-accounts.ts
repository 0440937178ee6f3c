import { z } from 'zod';
import { memberShape } from './members.ts';
import { id, nothing, operation, page, paging, time } from './operation.ts';
import { role } from './roles.ts';
import { scopeDraft, tokenShape } from './tokens.ts';

const owner = z.discriminatedUnion('type', [
  z.object({ type: z.literal('member'), id: id('mem') }),
  z.object({ type: z.literal('team'), id: id('team') }),
]);

/** A caller that is no person: it never signs in, it has keys. Grants, teams and messages name it like any member. */
export const serviceAccountShape = memberShape
  .pick({
    id: true,
    name: true,
    role: true,
    roleName: true,
    teams: true,
    expiresAt: true,
    createdAt: true,
    lastSeenAt: true,
  })
  .extend({
    /** What lists that show addresses show of it. */
    email: z.string(),
    /** `disabled` also when its time is over, or its owner's, if it ends with them. */
    status: z.enum(['active', 'disabled']),
    owner: z.object({ type: z.enum(['member', 'team']), id: z.string(), label: z.string() }),
    /** Whether it stops working when its owner, a person, is disabled, expired or removed. */
    endsWithOwner: z.boolean(),
  });

const name = z.string().trim().min(1).max(200);

export const listServiceAccounts = operation({
  name: 'service-accounts.list',
  method: 'GET',
  path: '/service-accounts',
  permission: 'self',
  summary: 'List service accounts: one’s own and those of teams one leads, or all of them with members:read',
  input: z.object({ ...paging, q: z.string().max(200).optional() }),
  output: page(serviceAccountShape),
});

export const getServiceAccount = operation({
  name: 'service-accounts.get',
  method: 'GET',
  path: '/service-accounts/{id}',
  permission: 'self',
  summary: 'Show one service account',
  input: z.object({ id: id('mem') }),
  output: serviceAccountShape,
});

export const createServiceAccount = operation({
  name: 'service-accounts.create',
  method: 'POST',
  path: '/service-accounts',
  permission: 'service-accounts:write',
  status: 201,
  summary: 'Make a service account; it can do nothing until it has a key',
  input: z.object({
    name,
    role: role.default('member'),
    owner,
    endsWithOwner: z.boolean().default(true),
    expiresAt: time.nullish(),
  }),
  output: serviceAccountShape,
});

export const updateServiceAccount = operation({
  name: 'service-accounts.update',
  method: 'PATCH',
  path: '/service-accounts/{id}',
  permission: 'service-accounts:write',
  summary: 'Change a service account: name, role, owner, until when, disabled or not',
  input: z.object({
    id: id('mem'),
    name: name.optional(),
    role: role.optional(),
    owner: owner.optional(),
    endsWithOwner: z.boolean().optional(),
    disabled: z.boolean().optional(),
    /** null: for good. */
    expiresAt: time.nullish(),
  }),
  output: serviceAccountShape,
});

export const removeServiceAccount = operation({
  name: 'service-accounts.remove',
  method: 'DELETE',
  path: '/service-accounts/{id}',
  permission: 'service-accounts:write',
  status: 204,
  summary: 'Remove a service account with its keys and grants; its messages stay in the record',
  input: z.object({ id: id('mem') }),
  output: nothing,
});

export const createServiceAccountKey = operation({
  name: 'service-accounts.create-key',
  method: 'POST',
  path: '/service-accounts/{id}/keys',
  permission: 'self',
  status: 201,
  summary:
    'Make a key for a service account, as its owner or with service-accounts:write; its value is in this answer only',
  input: z.object({ id: id('mem'), name, expiresAt: time.nullish(), scope: scopeDraft.nullish() }),
  output: tokenShape.extend({ token: z.string() }),
});
