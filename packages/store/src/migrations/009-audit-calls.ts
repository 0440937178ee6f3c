// Calls in the audit log: what came from a journal at once is one entry, and its calls lie here for as long as the entry does,
// whatever becomes of the messages. Says of each message in which role, by whom, with which parameters and in which trace.
import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const auditCallsMigration: Migration = {
  name: '009-audit-calls',
  async up(executor) {
    for (const statement of statements) await statement.execute(executor);
  },
};

const statements = [
  sql`alter table messages add column role text, add column acted_by text, add column parameters text,
    add column trace text`,
  sql`create table audit_calls (
    organization text not null references organizations,
    sequence bigint not null,
    first text not null,
    last text not null,
    calls integer not null,
    leaves bytea not null,
    lines bytea not null,
    primary key (organization, sequence)
  )`,
  // Hashes do not compress.
  sql`alter table audit_calls alter column leaves set storage external`,
  sql`create index audit_calls_by_message on audit_calls (organization, first)`,
  // What people did is looked through without the entries that stand for calls, which are far more.
  sql`create index audit_entries_of_people on audit_entries (organization, at, id) where action <> 'messages.record'`,
  sql`create index audit_entries_lost on audit_entries (organization) where action = 'messages.lost'`,
  sql`create trigger audit_calls_stay before update or delete on audit_calls
    for each row execute function refuse_audit_change()`,
  sql`create trigger audit_calls_stay_all before truncate on audit_calls
    for each statement execute function refuse_audit_change()`,
];
