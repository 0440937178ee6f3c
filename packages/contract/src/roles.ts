import { permissionTexts, type Permission } from '@mcpvault/domain/identity/permission';
import { z } from 'zod';
import { id, nothing, operation } from './operation.ts';

/** One that is built in, or one that the organization made. */
export const role = z.union([z.enum(['admin', 'member', 'auditor']), id('role')]);

/** What roles are put together from, in words. */
export { givenByRoles, permissionTexts } from '@mcpvault/domain/identity/permission';

const permission = z.enum(Object.keys(permissionTexts) as [Permission, ...Permission[]]);

export const roleShape = z.object({
  id: role,
  name: z.string(),
  description: z.string(),
  /** Built-in roles are the same everywhere and cannot be changed. */
  builtIn: z.boolean(),
  permissions: z.array(z.string()),
  /** How many have it. */
  members: z.number().int(),
});

const draft = {
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().max(1000).default(''),
  permissions: z.array(permission).max(100),
};

export const listRoles = operation({
  name: 'roles.list',
  method: 'GET',
  path: '/roles',
  permission: 'members:read',
  summary: 'List the roles and the permissions each gives',
  input: z.object({}),
  output: z.object({ items: z.array(roleShape), next: z.null() }),
});

export const createRole = operation({
  name: 'roles.create',
  method: 'POST',
  path: '/roles',
  permission: 'roles:write',
  status: 201,
  summary: 'Make a role of permissions, none of which one lacks oneself',
  input: z.object(draft),
  output: roleShape,
});

export const updateRole = operation({
  name: 'roles.update',
  method: 'PUT',
  path: '/roles/{id}',
  permission: 'roles:write',
  summary: 'Change a role; it holds for its members at their next request',
  input: z.object({ id: id('role'), ...draft }),
  output: roleShape,
});

export const removeRole = operation({
  name: 'roles.remove',
  method: 'DELETE',
  path: '/roles/{id}',
  permission: 'roles:write',
  status: 204,
  summary: 'Remove a role that nobody has, and the grants it had',
  input: z.object({ id: id('role') }),
  output: nothing,
});
