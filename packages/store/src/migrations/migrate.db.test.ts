import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import { sql } from 'kysely';
import { openTestDatabase } from '../testing/test-database.ts';
import { migrate } from './migrate.ts';

const tables = `select string_agg(table_name || '.' || column_name || ' ' || data_type, e'\\n' order by 1) as columns
  from information_schema.columns where table_schema = 'public'`;

test('a migrated database is left as it is', async () => {
  const database = await openTestDatabase();
  const { rows: before } = await database.pool.query(tables);
  assert.deepEqual(await migrate(database), []);
  assert.deepEqual((await database.pool.query(tables)).rows, before);
});

test('hubs that start together on an empty database migrate it once', async () => {
  const database = await openTestDatabase();
  await sql`drop schema public cascade`.execute(database.kysely);
  await sql`create schema public`.execute(database.kysely);
  const applied = await Promise.all([migrate(database), migrate(database), migrate(database)]);
  assert.deepEqual(applied.flat(), [
    '001-identity',
    '002-catalog',
    '003-record',
    '004-audit-log',
    '005-processes',
    '006-roles',
    '007-second-factors',
    '008-cheaper-messages',
    '009-audit-calls',
    '010-access',
    '011-oauth',
    '012-sign-in',
    '013-audit-destinations',
    '014-policy-language',
    '015-people',
    '016-connections',
    '017-packed-calls',
    '018-definitions',
    '019-clients-let-in',
    '020-approvals',
    '021-alerts',
    '022-secrets-used',
    '023-recorded-within',
    '024-workstations',
    '025-suspensions',
    '026-organizations',
  ]);
});

test('a database that a newer MCPVault changed is refused and left as it is', async () => {
  const database = await openTestDatabase();
  await sql`insert into schema_migrations (name) values ('999-from-the-future')`.execute(database.kysely);
  await assert.rejects(migrate(database), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, 'database_unavailable');
    assert.match(error.message, /changed by a newer MCPVault \(999-from-the-future\)/);
    return true;
  });
});

test('a migration that fails leaves nothing half done', async () => {
  const database = await openTestDatabase();
  await sql`drop schema public cascade`.execute(database.kysely);
  await sql`create schema public`.execute(database.kysely);
  await sql`create table servers ()`.execute(database.kysely);
  await assert.rejects(migrate(database));
  const { rows } = await sql`select table_name from information_schema.tables where table_schema = 'public'`.execute(
    database.kysely,
  );
  assert.deepEqual(rows, [{ table_name: 'servers' }]);
});
