// What members prove besides their password: an authenticator's secret, sealed, and codes that each work once.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const secondFactorsMigration: Migration = {
  name: '007-second-factors',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`create table second_factors (
    member text primary key references members,
    secret bytea not null,
    secret_key text not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    last_step bigint not null
  )`,
  sql`create table recovery_codes (
    member text not null references second_factors on delete cascade,
    hash bytea not null,
    primary key (member, hash)
  )`,
];
