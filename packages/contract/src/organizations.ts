// Several organizations on one hub: made, renamed and suspended by admins of the one that runs it.
import { z } from 'zod';
import { id, operation, page, paging, time } from './operation.ts';

const name = z.string().trim().min(1).max(100);

export const organizationShape = z.object({
  id: id('org'),
  name,
  status: z.enum(['active', 'suspended']),
  /** Its admins make and suspend the others. */
  runsHub: z.boolean(),
  createdAt: time,
  suspendedAt: time.nullable(),
});

export const listOrganizations = operation({
  name: 'organizations.list',
  method: 'GET',
  path: '/organizations',
  permission: 'organizations:manage',
  summary: 'List the organizations of this hub',
  acrossOrganizations: true,
  input: z.object(paging),
  output: page(organizationShape.extend({ people: z.number().int() })),
});

export const createOrganization = operation({
  name: 'organizations.create',
  method: 'POST',
  path: '/organizations',
  permission: 'organizations:manage',
  status: 201,
  summary: 'Make an organization and invite its first admin',
  acrossOrganizations: true,
  input: z.object({ name, admin: z.object({ email: z.email().max(254), name: z.string().trim().min(1).max(100) }) }),
  output: organizationShape.extend({
    admin: id('mem'),
    /** For the first admin alone: whoever has it becomes that. */
    invitation: z.object({ url: z.string(), expiresAt: time }),
  }),
});

export const updateOrganization = operation({
  name: 'organizations.update',
  method: 'PATCH',
  path: '/organizations/{id}',
  permission: 'organizations:manage',
  summary: 'Rename an organization, suspend it, or take its suspension back',
  acrossOrganizations: true,
  input: z.object({ id: id('org'), name: name.optional(), suspended: z.boolean().optional() }),
  output: organizationShape,
});
