// Which secrets a message was carried with, by name: as its line in the audit log says.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const secretsUsedMigration: Migration = {
  name: '022-secrets-used',
  async up(executor) {
    await sql`alter table messages add column secrets jsonb`.execute(executor);
  },
};
