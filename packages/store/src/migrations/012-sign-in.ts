// Ways to sign in besides a password: identity providers and who a member is there, passkeys, and sign-ins under way.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const signInMigration: Migration = {
  name: '012-sign-in',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`create table identity_providers (
    id text primary key,
    organization text not null references organizations,
    name text not null,
    issuer text not null,
    client_id text not null,
    client_secret bytea,
    client_secret_key text,
    enabled boolean not null,
    rules jsonb not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (organization, id)
  )`,
  sql`create unique index identity_providers_name on identity_providers (organization, lower(name))`,

  // An e-mail domain is one organization's: nobody's members are sent to the provider of another.
  sql`create table sign_in_domains (
    domain text constraint sign_in_domains_taken primary key,
    organization text not null references organizations,
    unique (organization, domain)
  )`,
  sql`create table identity_provider_domains (
    organization text not null,
    provider text not null,
    domain text not null,
    primary key (provider, domain),
    foreign key (organization, provider) references identity_providers (organization, id) on delete cascade,
    constraint identity_provider_domains_domain
      foreign key (organization, domain) references sign_in_domains (organization, domain)
  )`,
  sql`create index identity_provider_domains_by_domain on identity_provider_domains (domain)`,

  sql`create table member_identities (
    organization text not null,
    provider text not null,
    subject text not null,
    member text not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    primary key (provider, subject),
    constraint member_identities_one unique (provider, member),
    foreign key (organization, provider) references identity_providers (organization, id) on delete cascade,
    foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index member_identities_by_member on member_identities (member)`,

  sql`create table passkeys (
    id text primary key,
    organization text not null,
    member text not null,
    credential text not null constraint passkeys_credential unique,
    public_key bytea not null,
    counter bigint not null,
    transports text[] not null,
    backed_up boolean not null,
    name text not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    foreign key (organization, member) references members (organization, id)
  )`,
  sql`create index passkeys_by_member on passkeys (member)`,

  sql`create table sign_in_states (
    hash bytea primary key,
    purpose text not null,
    organization text references organizations,
    member text,
    detail jsonb not null,
    expires_at timestamptz not null
  )`,
  sql`create index sign_in_states_by_expiry on sign_in_states (expires_at)`,

  sql`create table known_places (
    hash bytea primary key,
    last_used_at timestamptz not null
  )`,

  sql`alter table sign_ins
    add column method text not null default 'password',
    add column provider text,
    add column provider_session text,
    add column second_factor boolean not null default false`,
  sql`create index sign_ins_by_provider on sign_ins (provider, provider_session) where provider is not null`,

  sql`alter table refresh_tokens
    add column successor bytea,
    add column graced boolean not null default false`,

  // Recovery codes stand in for passkeys too.
  sql`alter table recovery_codes
    drop constraint recovery_codes_member_fkey,
    add constraint recovery_codes_member_fkey foreign key (member) references members`,
];
