// Makes the audit record provable: every entry has its place and its hashes, the tree over them is kept, checkpoints are
// signed, and the database itself refuses to change an entry.
import { append, type AuditEntry, emptyLog, type LogHead } from '@mcpvault/domain/audit/log';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { type Kysely, sql } from 'kysely';
import type { Migration } from './migration.ts';

export const auditLogMigration: Migration = {
  name: '004-audit-log',
  async up(executor) {
    for (const statement of tables) await statement.execute(executor);
    const { rows } = await sql<{ id: OrganizationId }>`select id from organizations`.execute(executor);
    for (const { id } of rows) await chainUp(executor, id);
    for (const statement of rules) await statement.execute(executor);
  },
};

const tables = [
  sql`alter table audit_entries add column sequence bigint, add column leaf bytea, add column chain bytea`,
  sql`create table audit_heads (
    organization text primary key references organizations,
    size bigint not null,
    peaks bytea not null,
    chain bytea not null
  )`,
  sql`create table audit_nodes (
    organization text not null references organizations,
    level integer not null,
    index bigint not null,
    hash bytea not null,
    primary key (organization, level, index)
  )`,
  // What stays of an entry that retention took.
  sql`create table audit_stubs (
    organization text not null references organizations,
    sequence bigint not null,
    leaf bytea not null,
    chain bytea not null,
    primary key (organization, sequence)
  )`,
  sql`create table audit_checkpoints (
    organization text not null references organizations,
    size bigint not null,
    root text not null,
    chain text not null,
    at timestamptz not null,
    key text not null,
    signature text not null,
    primary key (organization, size)
  )`,
  sql`create table audit_keys (
    id text primary key,
    wrapped bytea not null,
    created_at timestamptz not null,
    retired_at timestamptz
  )`,
  sql`create unique index audit_keys_in_use on audit_keys ((true)) where retired_at is null`,
];

const rules = [
  sql`alter table audit_entries alter column sequence set not null, alter column leaf set not null,
    alter column chain set not null, add constraint audit_entries_sequence unique (organization, sequence)`,
  // Against mistakes; against those who own the database there are the signatures.
  sql`create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and current_setting('mcpvault.audit_retention', true) = 'on' then return old; end if;
      raise exception 'audit entries are never changed' using errcode = 'insufficient_privilege';
    end $$`,
  sql`create trigger audit_entries_stay before update or delete on audit_entries
    for each row execute function refuse_audit_change()`,
  sql`create trigger audit_entries_stay_all before truncate on audit_entries
    for each statement execute function refuse_audit_change()`,
];

interface Row extends Omit<AuditEntry, 'at'> {
  readonly at: Date;
}

/** Entries from before there was a log get their places by the time they were made. */
async function chainUp(executor: Kysely<unknown>, organization: OrganizationId): Promise<void> {
  const { rows } = await sql<Row>`
    select id, organization, at, actor, action, subject, outcome, detail from audit_entries
    where organization = ${organization} order by at, id`.execute(executor);
  let head: LogHead = emptyLog;
  for (const row of rows) {
    const appended = append(head, { ...row, at: row.at.getTime() });
    head = appended.head;
    await sql`update audit_entries set sequence = ${appended.sequence}, leaf = ${appended.leaf}, chain = ${head.chain}
      where id = ${row.id}`.execute(executor);
    for (const { level, index, hash } of appended.full) {
      await sql`insert into audit_nodes values (${organization}, ${level}, ${index}, ${hash})`.execute(executor);
    }
  }
  const { frontier, chain } = head;
  await sql`insert into audit_heads values (${organization}, ${frontier.size}, ${Buffer.concat(frontier.peaks)}, ${chain})`.execute(
    executor,
  );
}
