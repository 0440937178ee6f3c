// The record: messages, the sealed blocks their originals lie in, and how far each journal has come. No references lead
// out of here: what was recorded stays storable and readable whatever becomes of the rest.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const recordMigration: Migration = {
  name: '003-record',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`create table messages (
    id text primary key,
    organization text not null,
    at bigint not null,
    member text not null,
    token text,
    conversation text,
    client text,
    endpoint text,
    server text,
    server_name text,
    direction text not null,
    method text not null,
    target text,
    protocol text,
    outcome text not null,
    code text,
    reason text,
    duration_us bigint not null,
    upstream_us bigint,
    block text not null,
    request_offset integer,
    request_length integer,
    response_offset integer,
    response_length integer,
    request_edits jsonb not null,
    response_edits jsonb not null,
    request_findings jsonb not null,
    response_findings jsonb not null,
    redactions integer not null generated always as (
      jsonb_array_length(jsonb_path_query_array(request_edits, '$[*] ? (@.policy != null)'))
      + jsonb_array_length(jsonb_path_query_array(response_edits, '$[*] ? (@.policy != null)'))
    ) stored
  )`,
  sql`create index messages_list on messages (organization, at, id)`,
  sql`create index messages_by_server on messages (organization, server, at)`,
  sql`create index messages_by_member on messages (organization, member, at)`,
  // A target may be of any length, an index entry may not.
  sql`create index messages_by_target on messages (organization, left(target, 128), at)`,

  // What is looked for most is rare: these stay small, and so does the price of each message.
  sql`create index messages_redacted on messages (organization, at) where redactions > 0`,
  sql`create index messages_troubled on messages (organization, outcome, at)
    where outcome <> 'answered' and outcome <> 'sent'`,

  sql`create table message_blocks (
    id text primary key,
    organization text not null,
    key text not null,
    sealed bytea not null,
    at bigint not null
  )`,
  // Ciphertext does not compress; trying would only cost.
  sql`alter table message_blocks alter column sealed set storage external`,
  sql`create index message_blocks_by_age on message_blocks (organization, at)`,

  sql`create table journal_positions (
    journal text primary key,
    position bigint not null
  )`,
];
