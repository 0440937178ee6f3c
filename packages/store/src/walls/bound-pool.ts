// Connections on which the database itself lets only one organization's rows be seen and changed (`raise-walls`). Apart from
// those of the hub's own work, so that none of them is ever handed to it by mistake. A connection stays where it is: whoever
// comes next for the same organization pays nothing for the wall.
import type { OrganizationId } from '@mcpvault/domain/ids';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { failingWell } from '../failing-well.ts';
import type { Schema } from '../schema.ts';

/** For queries within this organization; the same one each time. */
export type BoundTo = (organization: OrganizationId) => Kysely<Schema>;

export function boundTo(pool: pg.Pool, place: string): BoundTo {
  const within = new WeakMap<pg.PoolClient, OrganizationId>();
  const known = new Map<OrganizationId, Kysely<Schema>>();
  return (organization) => {
    let kysely = known.get(organization);
    if (kysely === undefined) {
      kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: failingWell(entering(), place) }) });
      known.set(organization, kysely);
    }
    return kysely;

    function entering(): Pick<pg.Pool, 'connect' | 'end' | 'options'> {
      return {
        options: pool.options,
        end: () => pool.end(),
        connect: (async () => {
          const client = await pool.connect();
          if (within.get(client) === organization) return client;
          within.delete(client);
          try {
            await client.query({ ...enter, values: [organization] });
          } catch (error) {
            // Nobody knows where it is now.
            client.release(true);
            throw error;
          }
          within.set(client, organization);
          return client;
        }) as pg.Pool['connect'],
      };
    }
  };
}

const enter = { name: 'stay-in-organization', text: 'select stay_in_organization($1)' };
