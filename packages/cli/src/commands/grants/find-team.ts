import { CommandFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { isIdOf } from '../checked-id.ts';

/** By name or id. */
export async function teamId(hub: HubConnection, given: string): Promise<`team_${string}`> {
  if (isIdOf('team', given)) return given;
  const teams = await allPages((cursor) => hub.call('listTeams', { limit: pageSize, cursor }));
  const found = teams.find(({ name }) => name.toLowerCase() === given.trim().toLowerCase());
  if (found === undefined) throw new CommandFailure('general', 'not_found', `No team is called ${given}.`);
  return found.id;
}
