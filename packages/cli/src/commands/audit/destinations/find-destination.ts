import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { CommandFailure } from '../../../command-failure.ts';
import type { HubConnection } from '../../../connection/hub-connection.ts';

export type Destination = OutputOf<Operations['listDestinations']>['items'][number];

/** By its name or id. */
export async function findDestination(hub: HubConnection, given: string): Promise<Destination> {
  const { items } = await hub.call('listDestinations', {});
  const found = items.find(({ id, name }) => id === given || name === given);
  if (found !== undefined) return found;
  throw new CommandFailure('general', 'not_found', 'There is no such destination.', {
    fix: 'List them with: mcpvault audit destinations list',
  });
}

/** Where it sends to, in a few words. */
export function placeOf({ transport, folder }: Pick<Destination, 'transport' | 'folder'>): string {
  switch (transport.type) {
    case 'webhook':
      return transport.url;
    case 'syslog':
      return `${transport.tls ? 'tls' : 'tcp'}://${transport.host}:${transport.port}`;
    case 'file':
      return folder ?? 'files';
  }
}
