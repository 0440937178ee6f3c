// Where an organization's audit events are sent, how far each of these has come, and which hub is at it.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const auditDestinationsMigration: Migration = {
  name: '013-audit-destinations',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`create table audit_destinations (
    id text primary key,
    organization text not null references organizations,
    name text not null,
    enabled boolean not null,
    transport jsonb not null,
    secret bytea,
    secret_key text,
    format text not null,
    filter jsonb not null,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    next bigint not null,
    delivered bigint not null default 0,
    delivered_at timestamptz,
    failures integer not null default 0,
    failed_at timestamptz,
    failure text,
    fix text,
    due_at timestamptz not null,
    held_by text,
    held_until timestamptz,
    constraint audit_destinations_name unique (organization, name)
  )`,
  sql`create index audit_destinations_due on audit_destinations (due_at) where enabled`,
];
