// Policies become a language: what was one action is a list, what was switched on or off is a mode, and each change is kept.
// With them come what policies said about each message, since when tools are described as they are, and what was shut away.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const policyLanguageMigration: Migration = {
  name: '014-policy-language',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  // Results used to mean what servers say of themselves as well.
  sql`update policies set definition = jsonb_build_object(
    'owner', '',
    'severity', 'medium',
    'mode', case when enabled then 'enforce' else 'draft' end,
    'percentage', 100,
    'directions', (definition -> 'directions') || (case when definition -> 'directions' ? 'result' then '["listing"]' else '[]' end)::jsonb,
    'scope', jsonb_build_object('servers', definition -> 'servers', 'tools', null, 'teams', null, 'roles', null,
      'clients', null, 'workstations', null),
    'detectors', definition -> 'detectors',
    'threshold', coalesce(definition -> 'threshold', '0'),
    'condition', null,
    'actions', jsonb_build_array(definition -> 'action'),
    'tests', '[]'::jsonb)`,
  sql`alter table policies add column version integer not null default 1`,
  sql`alter table policies add unique (organization, id)`,
  sql`create table policy_versions (
    policy text not null,
    version integer not null,
    organization text not null,
    name text not null,
    reason text not null,
    definition jsonb not null,
    made_by text references members,
    made_at timestamptz not null,
    primary key (policy, version),
    foreign key (organization, policy) references policies (organization, id)
  )`,
  sql`insert into policy_versions (policy, version, organization, name, reason, definition, made_by, made_at)
    select id, version, organization, name, reason, definition, created_by, updated_at from policies`,

  sql`alter table messages add column judged jsonb`,
  // Alerts lie with their messages; this finds them.
  sql`create index messages_alerted on messages (organization, at)
    where judged @? '$.*.alerts' `,

  sql`alter table server_tools add column fingerprint text`,
  sql`create table tool_definitions (
    organization text not null,
    server text not null,
    name text not null,
    fingerprint text not null,
    first_seen_at timestamptz not null,
    primary key (server, name, fingerprint),
    foreign key (organization, server) references servers (organization, id)
  )`,

  sql`create table quarantines (
    id text primary key,
    organization text not null references organizations,
    what text not null check (what in ('tool', 'session')),
    server text,
    tool text,
    conversation text,
    member text not null,
    policy text not null,
    reason text not null,
    created_at timestamptz not null,
    until timestamptz,
    lifted_at timestamptz,
    lifted_by text references members
  )`,
  sql`create index quarantines_list on quarantines (organization, created_at desc, id desc)`,
];
