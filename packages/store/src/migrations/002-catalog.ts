// Servers with their versions and tools, the grants that open them, and the policies that watch over them.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const catalogMigration: Migration = {
  name: '002-catalog',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`create table servers (
    id text primary key,
    organization text not null references organizations,
    name text not null,
    enabled boolean not null,
    current_version text,
    status text not null check (status in ('connecting', 'ready', 'unavailable')),
    status_reason text,
    status_fix text,
    checked_at timestamptz,
    created_by text references members,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    retired_at timestamptz,
    unique (organization, id)
  )`,
  sql`create unique index servers_name on servers (organization, name) where retired_at is null`,
  sql`create index servers_list on servers (organization, created_at desc, id desc)`,

  sql`create table server_versions (
    id text primary key,
    organization text not null,
    server text not null,
    number integer not null,
    definition bytea not null,
    definition_key text not null references data_keys,
    summary jsonb not null,
    isolation text not null check (isolation in ('shared', 'per-organization', 'per-member', 'per-session')),
    created_by text references members,
    created_at timestamptz not null,
    approved_by text references members,
    approved_at timestamptz,
    unique (server, number),
    unique (server, id),
    foreign key (organization, server) references servers (organization, id)
  )`,
  sql`alter table servers add foreign key (id, current_version) references server_versions (server, id)`,

  sql`create table server_listings (
    server text primary key,
    organization text not null,
    version text not null references server_versions,
    listed_at timestamptz not null,
    foreign key (organization, server) references servers (organization, id)
  )`,
  // json, not jsonb: a definition keeps the order of its keys and every digit of its numbers.
  sql`create table server_tools (
    server text not null references server_listings,
    version text not null references server_versions,
    position integer not null,
    name text not null,
    definition json not null,
    primary key (server, position)
  )`,

  // The generated columns let the database itself see to it that a grant never outlives its member or team.
  sql`create table grants (
    id text primary key,
    organization text not null,
    subject_type text not null check (subject_type in ('member', 'team', 'role')),
    subject_id text not null check (subject_type <> 'role' or subject_id in ('admin', 'member')),
    subject_member text generated always as (case when subject_type = 'member' then subject_id end) stored,
    subject_team text generated always as (case when subject_type = 'team' then subject_id end) stored,
    server text not null,
    tools text[],
    expires_at timestamptz,
    created_by text references members,
    created_at timestamptz not null,
    constraint grants_server foreign key (organization, server) references servers (organization, id),
    constraint grants_subject_member foreign key (organization, subject_member)
      references members (organization, id) on delete cascade,
    constraint grants_subject_team foreign key (organization, subject_team)
      references teams (organization, id) on delete cascade
  )`,
  sql`create index grants_list on grants (organization, created_at desc, id desc)`,
  sql`create index grants_by_server on grants (server)`,
  sql`create index grants_by_member on grants (subject_member)`,
  sql`create index grants_by_team on grants (subject_team)`,

  sql`create table policies (
    id text primary key,
    organization text not null references organizations,
    name text not null,
    reason text not null,
    enabled boolean not null,
    definition jsonb not null,
    created_by text references members,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    removed_at timestamptz
  )`,
  sql`create index policies_list on policies (organization, created_at desc, id desc)`,
];
