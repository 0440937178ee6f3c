// Workstations: who they are and whose, with which keys they enrol, what they reported, what is asked of them, and how far
// their journals have come.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const workstationsMigration: Migration = {
  name: '024-workstations',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`create table enrolment_keys (
    id text primary key,
    organization text not null references organizations,
    name text not null,
    prefix text not null,
    hash bytea not null unique,
    member text,
    uses integer not null default 0,
    uses_at_most integer not null,
    created_by text not null references members,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index enrolment_keys_list on enrolment_keys (organization, created_at, id)`,

  // The credential before is kept until the one that replaced it was used: an answer may be lost on its way.
  sql`create table workstations (
    id text primary key,
    organization text not null references organizations,
    member text not null,
    machine text not null,
    name text not null,
    about jsonb not null,
    state text not null check (state in ('active', 'disabled', 'revoked', 'left')),
    state_why text,
    observed_address text not null,
    enrolled_at timestamptz not null,
    enrolled_with text references enrolment_keys,
    last_seen_at timestamptz not null,
    credential_family bytea unique,
    credential bytea,
    credential_before bytea,
    credential_used boolean not null default false,
    access bytea unique,
    access_until timestamptz,
    bundle_version integer not null default 1,
    bundle_digest text,
    bundle_applied integer,
    bundle_refused text,
    bundle_detail text,
    scanned_at timestamptz,
    journal jsonb,
    local_policies jsonb,
    local_policies_at timestamptz,
    report text,
    report_taken_at timestamptz,
    verdict text,
    judged jsonb,
    unique (organization, id),
    unique (organization, member, machine),
    foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index workstations_list on workstations (organization, enrolled_at, id)`,

  sql`create table scan_reports (
    id text primary key,
    organization text not null,
    workstation text not null,
    own_id text not null,
    taken_at timestamptz not null,
    received_at timestamptz not null,
    why text not null,
    job text,
    agent_version text not null,
    rules integer,
    clients jsonb not null,
    verdict text not null,
    judged jsonb not null,
    unique (workstation, own_id),
    foreign key (organization, workstation) references workstations (organization, id) on delete cascade
  )`,
  sql`create index scan_reports_list on scan_reports (workstation, received_at, id)`,

  sql`create table agent_jobs (
    id text primary key,
    organization text not null,
    workstation text not null,
    kind text not null,
    input jsonb not null,
    reason text not null,
    requested_by text references members,
    needs_consent boolean not null,
    state text not null
      check (state in ('queued', 'leased', 'asking', 'done', 'failed', 'declined', 'refused', 'expired', 'cancelled')),
    attempt integer not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    leased_until timestamptz,
    ended_at timestamptz,
    detail text,
    result jsonb,
    report text,
    foreign key (organization, workstation) references workstations (organization, id) on delete cascade
  )`,
  sql`create index agent_jobs_list on agent_jobs (workstation, created_at, id)`,
  sql`create index agent_jobs_open on agent_jobs (workstation) where state in ('queued', 'leased', 'asking')`,

  // One line for each journal of a workstation; missing: ranges of numbers that never came, oldest first.
  sql`create table workstation_journals (
    organization text not null,
    workstation text not null,
    journal text not null,
    position bigint not null,
    taken bigint not null default 0,
    rejected bigint not null default 0,
    lost bigint not null default 0,
    missing jsonb not null default '[]',
    first_at timestamptz not null,
    last_at timestamptz not null,
    primary key (workstation, journal),
    foreign key (organization, workstation) references workstations (organization, id) on delete cascade
  )`,

  // null: it went through the hub itself.
  sql`alter table messages add column workstation text`,
  sql`create index messages_by_workstation on messages (organization, workstation, at) where workstation is not null`,
];
