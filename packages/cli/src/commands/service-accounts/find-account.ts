import { CommandFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { isIdOf } from '../checked-id.ts';

/** The id of a service account given by id or name. */
export async function accountId(hub: HubConnection, given: string): Promise<`mem_${string}`> {
  if (isIdOf('mem', given)) return given;
  const accounts = await allPages((cursor) => hub.call('listServiceAccounts', { limit: pageSize, cursor, q: given }));
  const found = accounts.filter(({ name }) => name.toLowerCase() === given.trim().toLowerCase());
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  const why = found.length === 0 ? 'No service account is' : 'Several service accounts are';
  throw new CommandFailure('general', 'not_found', `${why} called ${given}.`, {
    fix: 'See their ids with: mcpvault service-accounts list',
  });
}
