import type { Caller } from './caller.ts';

/** What an operation can demand, with what it opens, in words for whoever puts a role together. */
export const permissionTexts = {
  anyone: 'What needs no sign-in',
  self: 'Their own account, tokens and overview',
  'members:read': 'See members, teams and roles',
  'members:write': 'Invite, change, disable and remove members and teams',
  'service-accounts:write': 'Make, change and remove service accounts, and their keys',
  'provisioning:write': 'Let an identity provider provision members and teams (SCIM)',
  'impersonate:any':
    'Act as any member for a stated reason and a limited time; each time is recorded, and the member sees it',
  'roles:write': 'Make, change and remove roles',
  'grants:read': 'See who may use what',
  'grants:write': 'Grant servers and tools, and take grants back',
  'servers:read': 'See the servers granted to them',
  'servers:read-any': 'See every server',
  'servers:use-any': 'Use every server without a grant',
  'servers:write': 'Add, change and remove servers',
  'policies:read': 'See policies',
  'policies:write': 'Make, change and remove policies',
  'approvals:decide': 'See the held calls of everybody, and approve or refuse them',
  'alerts:read': 'See alerts of policies and of the system; never what was found',
  'alerts:write': 'Claim, comment, resolve and dismiss alerts',
  'alert-routes:write': 'Say who is told of alerts and approvals, over which routes',
  'limits:read': 'See rates and quotas, and how far they are used',
  'limits:write': 'Make, change and remove rates and quotas',
  'messages:read': 'See their own messages',
  'messages:read-any': 'See the messages of everybody',
  'messages:read-original': 'See originals, with what policies took out; each reading is recorded',
  'tokens:write-any': 'See and revoke the tokens of others',
  'workstations:read': 'See all workstations, and what they report',
  'workstations:write':
    'Enrol, shut out and remove workstations, decide what counts against them, and ask work of them',
  'audit:read': 'Read, verify and export the audit log',
  'audit:write': 'Change the key that signs the audit log',
  'organization:write': 'Change what the organization demands of sign-ins',
  'organizations:manage':
    'Make, rename and suspend organizations, where their own organization is the one that runs the hub',
  'hub:read': 'See notices about the hub itself',
} as const satisfies Record<string, string>;

export type Permission = keyof typeof permissionTexts;
export const permissions = Object.keys(permissionTexts) as readonly Permission[];

/** Those that a role is put together from; every member has the others. */
export const givenByRoles: readonly Permission[] = permissions.filter((name) => name !== 'anyone' && name !== 'self');

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissionTexts, name);
}

/** Operations narrow `servers:read` and `messages:read` to what is the caller's own. */
export function permits({ permissions: held }: Pick<Caller, 'permissions'>, permission: Permission): boolean {
  return permission === 'anyone' || held.has(permission);
}
