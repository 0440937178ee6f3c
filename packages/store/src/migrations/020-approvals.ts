// Held calls and what people said to them.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const approvalsMigration: Migration = {
  name: '020-approvals',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  // `digest` is of the call as it was asked, `sealed` the call as approvers may see it.
  sql`create table approvals (
    id text primary key,
    organization text not null references organizations,
    state text not null check (state in ('pending', 'approved', 'used', 'refused', 'withdrawn', 'expired')),
    scope text check (scope in ('once', 'session')),
    member text not null,
    acted_by text,
    token text,
    excluded text[] not null,
    conversation text not null,
    client text,
    endpoint text,
    server text,
    server_name text,
    method text not null,
    target text,
    digest bytea not null,
    session_digest bytea not null,
    policies jsonb not null,
    needed integer not null check (needed > 0),
    sessions boolean not null,
    note text,
    sealed bytea not null,
    sealed_key text not null references data_keys,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    decided_at timestamptz,
    used_at timestamptz,
    check (state not in ('approved', 'used') or scope is not null),
    foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index approvals_list on approvals (organization, created_at desc, id desc)`,
  sql`create index approvals_by_digest on approvals (organization, digest, created_at desc)`,
  sql`create index approvals_by_session on approvals (organization, session_digest) where scope = 'session'`,
  sql`create index approvals_by_target on approvals (organization, server, method, target, created_at desc)`,
  sql`create index approvals_open on approvals (expires_at) where state in ('pending', 'approved')`,

  // Each says one thing; whoever says it again changes their mind.
  sql`create table approval_votes (
    organization text not null,
    approval text not null references approvals on delete cascade,
    member text not null,
    says text not null check (says in ('approve', 'refuse')),
    scope text check (scope in ('once', 'session')),
    reason text,
    at timestamptz not null,
    primary key (approval, member),
    foreign key (organization, member) references members (organization, id)
  )`,
];
