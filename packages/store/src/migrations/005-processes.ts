// How the processes of a server version are run. Parts that are left out have their defaults, which belong to the code.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const processesMigration: Migration = {
  name: '005-processes',
  async up(executor) {
    await sql`alter table server_versions add column processes jsonb not null default '{}'`.execute(executor);
  },
};
