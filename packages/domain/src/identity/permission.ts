import type { Role } from './caller.ts';

/** What an operation can demand. `anyone` needs no sign-in; `self` needs one, and concerns the caller alone. */
export const permissions = [
  'anyone',
  'self',
  'members:read',
  'members:write',
  'grants:read',
  'grants:write',
  'servers:read',
  'servers:write',
  'policies:read',
  'policies:write',
  'messages:read',
  'messages:read-original',
  'audit:read',
  'audit:write',
] as const;
export type Permission = (typeof permissions)[number];

/** Members see what concerns them; the operations themselves narrow `servers:read` and `messages:read` to the caller's own. */
const ofMembers: ReadonlySet<Permission> = new Set([
  'anyone',
  'self',
  'servers:read',
  'messages:read',
  'policies:read',
]);

export function permits(role: Role, permission: Permission): boolean {
  return role === 'admin' || ofMembers.has(permission);
}
