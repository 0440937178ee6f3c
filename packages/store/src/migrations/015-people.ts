// What people and machines are to each other: teams in teams, who leads and who supervises, members that end, service
// accounts and who owns them, what a key is narrowed to, what an identity provider provisions, and who acted as whom.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const peopleMigration: Migration = {
  name: '015-people',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`alter table teams
    add column parent text check (parent <> id),
    add column external_id text,
    add column provisioned boolean not null default false,
    add constraint teams_parent foreign key (organization, parent) references teams (organization, id)`,
  sql`create index teams_by_parent on teams (parent) where parent is not null`,

  sql`create table team_leads (
    organization text not null,
    team text not null,
    member text not null,
    primary key (team, member),
    constraint team_leads_team foreign key (organization, team) references teams (organization, id) on delete cascade,
    constraint team_leads_member foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index team_leads_by_member on team_leads (member)`,

  sql`alter table members
    add column kind text not null default 'person' check (kind in ('person', 'service')),
    add column expires_at timestamptz,
    add column supervisor text check (supervisor <> id),
    add column owner_member text,
    add column owner_team text,
    add column ends_with_owner boolean not null default false,
    add column external_id text,
    add column user_name text,
    add column profile jsonb,
    add column provisioned boolean not null default false,
    add column disabled_by_provider boolean not null default false,
    add constraint members_supervisor foreign key (organization, supervisor) references members (organization, id),
    add constraint members_owner_member foreign key (organization, owner_member) references members (organization, id),
    add constraint members_owner_team foreign key (organization, owner_team) references teams (organization, id),
    add constraint members_owner check (case kind
      when 'service' then num_nonnulls(owner_member, owner_team) = 1 and password_hash is null and supervisor is null
      else num_nonnulls(owner_member, owner_team) = 0 and not ends_with_owner end)`,
  sql`create index members_by_supervisor on members (supervisor) where supervisor is not null`,
  sql`create index members_by_owner_member on members (owner_member) where owner_member is not null`,
  sql`create index members_by_owner_team on members (owner_team) where owner_team is not null`,
  sql`create index members_by_external_id on members (organization, external_id) where external_id is not null`,
  sql`create unique index members_user_name on members (organization, lower(user_name))
    where user_name is not null and removed_at is null`,

  sql`alter table tokens
    add column scope jsonb,
    add column replaced_by text,
    add column created_by text`,

  sql`create table provisioning_tokens (
    id text primary key,
    organization text not null references organizations,
    name text not null,
    prefix text not null,
    hash bytea not null unique,
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
  )`,
  sql`create index provisioning_tokens_list on provisioning_tokens (organization, created_at desc, id desc)`,

  sql`create table impersonations (
    id text primary key,
    organization text not null references organizations,
    actor text not null,
    subject text not null,
    reason text not null,
    hash bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_by text,
    constraint impersonations_actor foreign key (organization, actor) references members (organization, id),
    constraint impersonations_subject foreign key (organization, subject) references members (organization, id),
    check (actor <> subject)
  )`,
  sql`create index impersonations_list on impersonations (organization, created_at desc, id desc)`,
  sql`create index impersonations_by_subject on impersonations (subject, expires_at)`,
  sql`create index impersonations_by_actor on impersonations (actor, expires_at)`,
];
