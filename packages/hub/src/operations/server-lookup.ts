import { Failure } from '@mcpvault/domain/failure';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Server } from '@mcpvault/store/servers-store';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { permits } from '@mcpvault/domain/identity/permission';
import type { Context } from './handler.ts';

/** By id or name. Throws `not_found` for retired ones, and for those that the caller may not use: both read the same. */
export async function serverOf(
  { stores, services, caller }: Pick<Context, 'stores' | 'services' | 'caller'>,
  idOrName: string,
): Promise<Server> {
  const { organization } = caller;
  const server =
    (await stores.servers.byName(organization, idOrName)) ??
    (isServerId(idOrName) ? await stores.servers.byId(organization, idOrName) : null);
  const there = server !== null && server.retiredAt === null;
  if (!there || !(seesEvery(caller) || services.catalog.reach(caller, server.id) !== null))
    throw new Failure('not_found', `There is no server "${idOrName}".`);
  return server;
}

export function seesEvery(caller: Caller): boolean {
  return permits(caller, 'servers:read-any') || permits(caller, 'servers:write');
}

function isServerId(text: string): text is ServerId {
  return text.startsWith('srv_');
}
