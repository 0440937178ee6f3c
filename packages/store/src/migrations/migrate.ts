// Brings a database to the schema this code was written for: the migrations of the list that it lacks, in order, all in
// one transaction. The list only ever grows at its end; a migration that was released is never changed.
import { Failure } from '@mcpvault/domain/failure';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../connect.ts';
import { raiseWalls } from '../walls/raise-walls.ts';
import { identityMigration } from './001-identity.ts';
import { catalogMigration } from './002-catalog.ts';
import { recordMigration } from './003-record.ts';
import { auditLogMigration } from './004-audit-log.ts';
import { processesMigration } from './005-processes.ts';
import { rolesMigration } from './006-roles.ts';
import { secondFactorsMigration } from './007-second-factors.ts';
import { cheaperMessagesMigration } from './008-cheaper-messages.ts';
import { auditCallsMigration } from './009-audit-calls.ts';
import { accessMigration } from './010-access.ts';
import { oauthMigration } from './011-oauth.ts';
import { signInMigration } from './012-sign-in.ts';
import { auditDestinationsMigration } from './013-audit-destinations.ts';
import { policyLanguageMigration } from './014-policy-language.ts';
import { peopleMigration } from './015-people.ts';
import { connectionsMigration } from './016-connections.ts';
import { packedCallsMigration } from './017-packed-calls.ts';
import { definitionsMigration } from './018-definitions.ts';
import { clientsLetInMigration } from './019-clients-let-in.ts';
import { approvalsMigration } from './020-approvals.ts';
import { alertsMigration } from './021-alerts.ts';
import { secretsUsedMigration } from './022-secrets-used.ts';
import { recordedWithinMigration } from './023-recorded-within.ts';
import { workstationsMigration } from './024-workstations.ts';
import { suspensionsMigration } from './025-suspensions.ts';
import { organizationsMigration } from './026-organizations.ts';
import type { Migration } from './migration.ts';

const migrations: readonly Migration[] = [
  identityMigration,
  catalogMigration,
  recordMigration,
  auditLogMigration,
  processesMigration,
  rolesMigration,
  secondFactorsMigration,
  cheaperMessagesMigration,
  auditCallsMigration,
  accessMigration,
  oauthMigration,
  signInMigration,
  auditDestinationsMigration,
  policyLanguageMigration,
  peopleMigration,
  connectionsMigration,
  packedCallsMigration,
  definitionsMigration,
  clientsLetInMigration,
  approvalsMigration,
  alertsMigration,
  secretsUsedMigration,
  recordedWithinMigration,
  workstationsMigration,
  suspensionsMigration,
  organizationsMigration,
];

/**
 * Answers the names of what was applied now. Hubs that start together wait for each other. Throws
 * `database_unavailable` when a newer MCPVault has been at work on this database.
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  return database.kysely.transaction().execute(async (transaction) => {
    await sql`set local statement_timeout = 0`.execute(transaction);
    await sql`set local client_min_messages = warning`.execute(transaction);
    await sql`select pg_advisory_xact_lock(${lock})`.execute(transaction);
    await sql`create table if not exists schema_migrations (
      name text primary key, applied_at timestamptz not null default now())`.execute(transaction);
    const { rows } = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(transaction);
    refuseNewer(
      rows.map((row) => row.name),
      database.place,
    );
    const pending = migrations.slice(rows.length);
    for (const migration of pending) {
      await migration.up(transaction as unknown as Kysely<unknown>);
      await sql`insert into schema_migrations (name) values (${migration.name})`.execute(transaction);
    }
    await raiseWalls(transaction as unknown as Kysely<unknown>);
    return pending.map((migration) => migration.name);
  });
}

/** Any number will do as long as it stays the same. */
const lock = 771_702_601;

function refuseNewer(applied: readonly string[], place: string): void {
  const stranger = applied.find((name, index) => migrations[index]?.name !== name);
  if (stranger === undefined) return;
  throw new Failure(
    'database_unavailable',
    `The database at ${place} was changed by a newer MCPVault (${stranger}). Start that version, or restore a backup from before the upgrade.`,
  );
}
