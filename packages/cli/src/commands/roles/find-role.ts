import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { CommandFailure, usageFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';

export type Role = OutputOf<Operations['listRoles']>['items'][number];

/** By id, or by name without regard to case. */
export async function findRole(hub: HubConnection, given: string): Promise<Role> {
  const { items } = await hub.call('listRoles', {});
  const found = items.find(({ id, name }) => id === given || name.toLowerCase() === given.toLowerCase());
  if (found !== undefined) return found;
  const known = items.map(({ name }) => name).join(', ');
  throw new CommandFailure('general', 'not_found', `There is no role "${given}".`, { fix: `There are: ${known}.` });
}

export async function findOwnRole(hub: HubConnection, given: string): Promise<Role & { id: `role_${string}` }> {
  const role = await findRole(hub, given);
  if (isOwn(role)) return role;
  throw usageFailure(`${role.name} is built in and stays as it is.`, 'Make a role of your own: mcpvault roles create');
}

function isOwn(role: Role): role is Role & { id: `role_${string}` } {
  return role.id.startsWith('role_');
}
