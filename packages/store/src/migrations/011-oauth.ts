// The hub as authorization server: who registered, what members let in, what is on its way between them, and the keys that
// sign. Codes and refresh tokens lie here as hashes only.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const oauthMigration: Migration = {
  name: '011-oauth',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`create table oauth_clients (
    id text primary key,
    metadata jsonb not null,
    created_at timestamptz not null
  )`,
  sql`create index oauth_clients_by_age on oauth_clients (created_at)`,

  sql`create table connected_clients (
    id text primary key,
    organization text not null references organizations,
    member text not null,
    client text not null,
    client_name text not null,
    resource text not null,
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    constraint connected_clients_member foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index connected_clients_list on connected_clients (organization, member, created_at desc, id desc)`,
  sql`create index connected_clients_by_client on connected_clients (client)`,

  sql`create table oauth_artifacts (
    kind text not null,
    hash bytea not null,
    payload jsonb not null,
    connected_client text,
    user_code bytea,
    expires_at timestamptz not null,
    consumed_at timestamptz,
    primary key (kind, hash)
  )`,
  sql`create index oauth_artifacts_by_connected_client on oauth_artifacts (connected_client)
    where connected_client is not null`,
  sql`create unique index oauth_artifacts_by_user_code on oauth_artifacts (user_code) where user_code is not null`,
  sql`create index oauth_artifacts_by_expiry on oauth_artifacts (expires_at)`,

  sql`create table oauth_keys (
    id text primary key,
    wrapped bytea not null,
    created_at timestamptz not null,
    signs_from timestamptz not null
  )`,
];
