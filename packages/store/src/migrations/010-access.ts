// Grants that hold under a condition, that open prompts and resources too, and denies, which outweigh them; limits on calls,
// and how far they are used by all hubs together.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const accessMigration: Migration = {
  name: '010-access',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`alter table grants
    add column effect text not null default 'allow' check (effect in ('allow', 'deny')),
    add column prompts text[],
    add column resources text[],
    add column condition text,
    add column reason text`,
  sql`alter table grants alter column effect drop default`,
  sql`create index grants_by_subject on grants (organization, subject_id)`,

  sql`create table limits (
    id text primary key,
    organization text not null references organizations,
    name text not null,
    subject_type text not null check (subject_type in ('organization', 'team', 'member', 'token')),
    subject_id text,
    server text,
    tools text[],
    calls bigint not null check (calls > 0),
    per text not null check (per in ('second', 'minute', 'hour', 'day', 'month')),
    burst bigint check (burst > 0),
    enabled boolean not null,
    created_by text references members,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint limits_server foreign key (organization, server) references servers (organization, id)
  )`,
  sql`create index limits_of on limits (organization, created_at)`,

  // Rates are of minutes: after a crash of the database they may begin anew, and need not be written down for that.
  sql`create unlogged table limit_rates (
    organization text not null references organizations,
    key text not null,
    busy_from timestamptz not null,
    busy_until timestamptz not null,
    primary key (organization, key)
  )`,
  sql`create table limit_quotas (
    organization text not null references organizations,
    key text not null,
    period text not null,
    used bigint not null,
    primary key (organization, key)
  )`,
];
