// What policies and people may shut away besides tools and conversations: tokens, and members as a whole.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const suspensionsMigration: Migration = {
  name: '025-suspensions',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`alter table quarantines add column credential text`,
  sql`alter table quarantines alter column policy drop not null`,
  sql`alter table quarantines drop constraint quarantines_what_check`,
  sql`alter table quarantines add constraint quarantines_what_check check (what in ('tool', 'session', 'token', 'member'))`,
];
