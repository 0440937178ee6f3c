// A role is a name for permissions. Three are built in; an organization makes its own from the same permissions.
import type { Id } from '../ids.ts';
import { isPermission, type Permission, permissions } from './permission.ts';

export const builtInRoleIds = ['admin', 'member', 'auditor'] as const;
export type BuiltInRoleId = (typeof builtInRoleIds)[number];
export type RoleId = BuiltInRoleId | Id<'role'>;

export interface Role {
  readonly id: RoleId;
  readonly name: string;
  readonly description: string;
  readonly permissions: ReadonlySet<Permission>;
}

const always: readonly Permission[] = ['anyone', 'self'];

export const builtInRoles: Readonly<Record<BuiltInRoleId, Role>> = {
  admin: {
    id: 'admin',
    name: 'Admin',
    description:
      'Manages everything, uses every server, and may read the originals of all messages; each reading is recorded.',
    permissions: new Set(permissions),
  },
  member: {
    id: 'member',
    name: 'Member',
    description: 'Uses the servers granted to them, and sees their own messages.',
    permissions: new Set([...always, 'servers:read', 'messages:read', 'policies:read']),
  },
  auditor: {
    id: 'auditor',
    name: 'Auditor',
    description: 'Reads the audit log, and who may do what; never what messages say.',
    permissions: new Set([
      ...always,
      'members:read',
      'grants:read',
      'servers:read',
      'servers:read-any',
      'policies:read',
      'alerts:read',
      'limits:read',
      'workstations:read',
      'audit:read',
    ]),
  },
};

export function isBuiltIn(id: RoleId): id is BuiltInRoleId {
  return (builtInRoleIds as readonly string[]).includes(id);
}

/** What a role of an organization gives: the names that were kept, as far as this version knows them. */
export function permissionsFrom(names: readonly string[]): ReadonlySet<Permission> {
  return new Set([...always, ...names.filter(isPermission)]);
}

/** What `wanted` gives beyond what `held` gives: nobody hands out more than they have. */
export function beyond(wanted: ReadonlySet<Permission>, held: ReadonlySet<Permission>): readonly Permission[] {
  return [...wanted].filter((permission) => !held.has(permission));
}
