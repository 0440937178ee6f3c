import { Failure } from '@mcpvault/domain/failure';
import { givenByRoles, type Permission } from '@mcpvault/domain/identity/permission';
import {
  beyond,
  builtInRoleIds,
  builtInRoles,
  isBuiltIn,
  permissionsFrom,
  type Role,
  type RoleId,
} from '@mcpvault/domain/identity/role';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { type Context, handles } from './handler.ts';

export const listRoles = handles('listRoles', async (_, { stores, caller }) => {
  const holders = await stores.roles.holders(caller.organization);
  const roles = [...builtInRoleIds.map((id) => builtInRoles[id]), ...(await stores.roles.list(caller.organization))];
  return { items: roles.map((role) => showRole(role, holders.get(role.id) ?? 0)), next: null };
});

export const createRole = handles('createRole', async ({ name, description, permissions }, context) => {
  const { stores, services, caller, now } = context;
  refuseBuiltInName(name);
  demandNoMore(caller, permissionsFrom(permissions));
  const id = services.ambient.ids.next('role');
  await stores.roles.create(caller.organization, id, { name, description, permissions }, now);
  context.note({ subject: id, detail: { name, permissions } });
  context.changed('roles', id);
  return showRole(await roleOf(context, id), 0);
});

export const updateRole = handles('updateRole', async ({ id, name, description, permissions }, context) => {
  const { stores, caller, now } = context;
  refuseBuiltInName(name);
  const before = await roleOf(context, id);
  demandNoMore(caller, before.permissions);
  demandNoMore(caller, permissionsFrom(permissions));
  await stores.roles.update(caller.organization, id, { name, description, permissions }, now);
  context.note({ subject: id, detail: { name, permissions } });
  context.changed('roles', id);
  const holders = await stores.roles.holders(caller.organization);
  return showRole(await roleOf(context, id), holders.get(id) ?? 0);
});

export const removeRole = handles('removeRole', async ({ id }, context) => {
  const { stores, caller } = context;
  const role = await roleOf(context, id);
  demandNoMore(caller, role.permissions);
  const members = (await stores.roles.holders(caller.organization)).get(id) ?? 0;
  if (members > 0) {
    throw new Failure('conflict', `${members === 1 ? 'One member has' : `${members} members have`} this role.`, {
      fix: 'Give them another role first.',
    });
  }
  await stores.roles.remove(caller.organization, id);
  context.note({ subject: id, detail: { name: role.name } });
  context.changed('roles', id);
  context.changed('grants', null);
  return undefined;
});

/** Throws `not_found` for a role that this organization does not have. */
export async function roleOf({ stores, caller }: Pick<Context, 'stores' | 'caller'>, id: RoleId): Promise<Role> {
  const role = isBuiltIn(id) ? builtInRoles[id] : await stores.roles.byId(caller.organization, id);
  if (role === null) throw new Failure('not_found', 'There is no such role.');
  return role;
}

/** Nobody hands out, or takes over, more than they have. */
export function demandNoMore(caller: Caller, wanted: ReadonlySet<Permission>): void {
  const missing = beyond(wanted, caller.permissions);
  if (missing.length === 0) return;
  throw new Failure('forbidden', `This takes permissions that you do not have: ${missing.join(', ')}.`, {
    fix: 'Ask somebody who has them, such as an admin.',
  });
}

function refuseBuiltInName(name: string): void {
  if (!builtInRoleIds.some((id) => id === name.toLowerCase())) return;
  throw new Failure('conflict', `${name} is the name of a built-in role; choose another.`);
}

function showRole(role: Role, members: number) {
  const { id, name, description, permissions } = role;
  const given = givenByRoles.filter((permission) => permissions.has(permission));
  return { id, name, description, builtIn: isBuiltIn(id), permissions: [...given], members };
}
