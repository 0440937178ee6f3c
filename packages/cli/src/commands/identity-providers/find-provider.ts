import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { CommandFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';

export type Provider = OutputOf<Operations['listIdentityProviders']>['items'][number];

/** By id, or by name without regard to case. */
export async function findProvider(hub: HubConnection, given: string): Promise<Provider> {
  const { items } = await hub.call('listIdentityProviders', {});
  const found = items.find(({ id, name }) => id === given || name.toLowerCase() === given.toLowerCase());
  if (found !== undefined) return found;
  const known = items.map(({ name }) => name).join(', ') || 'none yet';
  throw new CommandFailure('general', 'not_found', `There is no identity provider "${given}".`, {
    fix: `There are: ${known}.`,
  });
}
