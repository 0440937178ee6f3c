// Organizations, who belongs to them, and what they sign in with.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const identityMigration: Migration = {
  name: '001-identity',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`create table organizations (
    id text primary key,
    name text not null,
    created_at timestamptz not null
  )`,

  // References carry the organization with them: no row can point into another one.
  sql`create table members (
    id text primary key,
    organization text not null references organizations,
    email text not null,
    name text not null,
    role text not null check (role in ('admin', 'member')),
    password_hash text,
    disabled_at timestamptz,
    removed_at timestamptz,
    created_at timestamptz not null,
    last_seen_at timestamptz,
    unique (organization, id)
  )`,
  sql`create unique index members_email on members (lower(email)) where removed_at is null`,
  sql`create index members_list on members (organization, created_at desc, id desc)`,

  sql`create table teams (
    id text primary key,
    organization text not null references organizations,
    name text not null,
    created_at timestamptz not null,
    unique (organization, id)
  )`,
  sql`create unique index teams_name on teams (organization, name)`,
  sql`create index teams_list on teams (organization, created_at desc, id desc)`,

  sql`create table team_members (
    organization text not null,
    team text not null,
    member text not null,
    primary key (team, member),
    constraint team_members_team foreign key (organization, team) references teams (organization, id) on delete cascade,
    constraint team_members_member foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index team_members_by_member on team_members (member)`,

  sql`create table one_time_links (
    hash bytea primary key,
    organization text,
    member text,
    purpose text not null check (purpose in ('setup', 'invite', 'reset')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index one_time_links_by_member on one_time_links (member)`,

  sql`create table tokens (
    id text primary key,
    organization text not null,
    member text not null,
    name text not null,
    prefix text not null,
    hash bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    constraint tokens_member foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index tokens_list on tokens (organization, created_at desc, id desc)`,
  sql`create index tokens_by_member on tokens (member)`,

  sql`create table sign_ins (
    id text primary key,
    organization text not null,
    member text not null,
    client text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index sign_ins_by_member on sign_ins (member)`,
  sql`create table access_tokens (
    hash bytea primary key,
    sign_in text not null references sign_ins on delete cascade,
    expires_at timestamptz not null
  )`,
  sql`create index access_tokens_by_sign_in on access_tokens (sign_in)`,
  sql`create table refresh_tokens (
    hash bytea primary key,
    sign_in text not null references sign_ins on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  sql`create index refresh_tokens_by_sign_in on refresh_tokens (sign_in)`,

  sql`create table login_attempts (
    email_hash bytea primary key,
    failures integer not null,
    last_failed_at timestamptz not null,
    blocked_until timestamptz
  )`,

  sql`create table data_keys (
    id text primary key,
    organization text not null references organizations,
    wrapped bytea not null,
    active boolean not null,
    created_at timestamptz not null
  )`,
  sql`create unique index data_keys_active on data_keys (organization) where active`,

  sql`create table settings (
    organization text references organizations,
    name text not null,
    value jsonb not null,
    updated_at timestamptz not null,
    constraint settings_key unique nulls not distinct (organization, name)
  )`,

  sql`create table audit_entries (
    id text primary key,
    organization text not null references organizations,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text,
    outcome text not null check (outcome in ('done', 'refused')),
    detail jsonb not null
  )`,
  sql`create index audit_entries_list on audit_entries (organization, at desc, id desc)`,
];
