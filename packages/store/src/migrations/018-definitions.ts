// Definitions of tools are kept as they were seen, with what an admin made of them; and what is usual for each caller.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const definitionsMigration: Migration = {
  name: '018-definitions',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  // Null is what nobody looked at yet.
  sql`alter table tool_definitions
    add column definition json,
    add column review text check (review in ('approved', 'rejected')),
    add column reviewed_by text references members,
    add column reviewed_at timestamptz`,
  // What was used until now was approved by being used.
  sql`update tool_definitions set review = 'approved', reviewed_at = now()`,
  sql`update tool_definitions set definition = server_tools.definition from server_tools
    where server_tools.server = tool_definitions.server and server_tools.name = tool_definitions.name
      and server_tools.fingerprint = tool_definitions.fingerprint`,

  sql`create table caller_baselines (
    organization text not null,
    member text not null,
    baseline json not null,
    updated_at timestamptz not null,
    primary key (organization, member),
    foreign key (organization, member) references members (organization, id) on delete cascade
  )`,
  // How far the record was read for it.
  sql`create table watch_positions (
    organization text primary key references organizations,
    at timestamptz not null,
    message text not null
  )`,
];
