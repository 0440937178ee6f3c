// AI clients that an identity provider lets in for its members, without their being asked: which provider it was. And from
// which network a client registered, so that nobody keeps others from it.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const clientsLetInMigration: Migration = {
  name: '019-clients-let-in',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`alter table connected_clients add column provider text`,
  sql`create index connected_clients_by_provider on connected_clients (provider, member) where provider is not null`,
  sql`alter table oauth_clients add column registered_from bytea`,
  sql`create index oauth_clients_by_network on oauth_clients (registered_from, created_at)`,
];
