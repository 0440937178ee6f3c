// Sign-ins at servers: the tokens, sealed, of each member or of all together; sign-ins under way; and who MCPVault is to the
// authorization servers at which it registered.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const connectionsMigration: Migration = {
  name: '016-connections',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  // A member is null for the one that all share.
  sql`create table server_connections (
    id text primary key,
    organization text not null,
    server text not null,
    member text,
    state text not null check (state in ('connected', 'broken')),
    reason text,
    url text not null,
    issuer text not null,
    scopes text[] not null,
    challenge jsonb,
    sealed bytea not null,
    sealed_key text not null references data_keys,
    expires_at timestamptz,
    renewable boolean not null,
    renewing_until timestamptz,
    connected_by text references members,
    connected_at timestamptz not null,
    updated_at timestamptz not null,
    unique nulls not distinct (server, member),
    foreign key (organization, server) references servers (organization, id),
    foreign key (organization, member) references members (organization, id) on delete cascade
  )`,
  sql`create index server_connections_by_member on server_connections (organization, member)`,
  sql`create index server_connections_due on server_connections (expires_at) where renewable and state = 'connected'`,

  sql`create table server_sign_ins (
    state bytea primary key,
    organization text not null,
    server text not null,
    member text not null,
    sealed bytea not null,
    sealed_key text not null references data_keys,
    expires_at timestamptz not null,
    foreign key (organization, server) references servers (organization, id),
    foreign key (organization, member) references members (organization, id) on delete cascade
  )`,

  sql`create table registered_clients (
    organization text not null references organizations,
    issuer text not null,
    redirect_uri text not null,
    sealed bytea not null,
    sealed_key text not null references data_keys,
    expires_at timestamptz,
    primary key (organization, issuer, redirect_uri)
  )`,
];
