// Messages are copied in by the owner of the tables, whom row-level security does not bind. So the tables themselves take only
// rows of the organization that the transaction is within, where it is within one.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const recordedWithinMigration: Migration = {
  name: '023-recorded-within',
  async up(executor) {
    for (const table of ['messages', 'message_blocks', 'audit_entries', 'audit_calls']) {
      // What is there already is not looked through.
      await sql`alter table ${sql.table(table)} add constraint ${sql.id(`${table}_within`)} check (
        organization = coalesce(nullif(current_setting('mcpvault.organization', true), ''), organization)) not valid`.execute(
        executor,
      );
    }
  },
};
