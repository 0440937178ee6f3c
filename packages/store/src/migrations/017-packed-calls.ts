// Lines of calls come pressed; pressing them again would only take time.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const packedCallsMigration: Migration = {
  name: '017-packed-calls',
  async up(executor) {
    await sql`alter table audit_calls alter column lines set storage external`.execute(executor);
  },
};
