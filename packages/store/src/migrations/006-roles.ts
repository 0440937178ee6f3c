// Roles that an organization makes itself. Which roles are built in is the code's business, so the database no longer
// lists them; a role of an organization is tied to it, and none goes while a member or a grant has it.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const rolesMigration: Migration = {
  name: '006-roles',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`create table roles (
    id text primary key check (id like 'role\\_%'),
    organization text not null references organizations,
    name text not null,
    description text not null,
    permissions text[] not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (organization, id)
  )`,
  sql`create unique index roles_name on roles (organization, lower(name))`,

  sql`alter table members drop constraint members_role_check,
    add column own_role text generated always as (case when role like 'role\\_%' then role end) stored,
    add constraint members_role foreign key (organization, own_role) references roles (organization, id)`,
  sql`create index members_by_own_role on members (own_role) where own_role is not null`,

  sql`alter table grants drop constraint grants_check,
    add column subject_role text generated always as (
      case when subject_type = 'role' and subject_id like 'role\\_%' then subject_id end) stored,
    add constraint grants_subject_role foreign key (organization, subject_role)
      references roles (organization, id) on delete cascade`,
];
