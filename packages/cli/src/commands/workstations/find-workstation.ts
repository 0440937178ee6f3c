import { CommandFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { isIdOf } from '../checked-id.ts';

/** The id of a workstation given by id or name. */
export async function workstationId(hub: HubConnection, given: string): Promise<`wst_${string}`> {
  if (isIdOf('wst', given)) return given;
  const all = await allPages((cursor) => hub.call('listWorkstations', { limit: pageSize, cursor, q: given }));
  const [found, other] = all.filter(({ name }) => name === given);
  if (found !== undefined && other === undefined) return found.id;
  const what = found === undefined ? 'No workstation is' : 'Several workstations are';
  throw new CommandFailure('general', found === undefined ? 'not_found' : 'conflict', `${what} called "${given}".`, {
    fix: 'Name it by its id; see them with: mcpvault workstations list',
  });
}
