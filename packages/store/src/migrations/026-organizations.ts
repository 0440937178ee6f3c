// One organization runs the hub and its admins make others; any but that one can be suspended.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const organizationsMigration: Migration = {
  name: '026-organizations',
  async up(executor) {
    await sql`alter table organizations
      add column suspended_at timestamptz,
      add column runs_hub boolean not null default false,
      add constraint organizations_never_locked_out check (not runs_hub or suspended_at is null)`.execute(executor);
    await sql`create unique index organizations_one_runs_hub on organizations (runs_hub) where runs_hub`.execute(
      executor,
    );
    await sql`update organizations set runs_hub = true
      where id = (select id from organizations order by created_at, id limit 1)`.execute(executor);
  },
};
