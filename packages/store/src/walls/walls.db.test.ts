import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Executor } from '../schema.ts';
import { within } from '../stores.ts';
import { migrate } from '../migrations/migrate.ts';
import { openStoresUnderTest } from '../testing/stores-under-test.ts';
import { hubTables } from './raise-walls.ts';

const { database, ours, theirs } = await openStoresUnderTest();

interface Table {
  readonly name: string;
  readonly hasOrganization: boolean;
  readonly isWalled: boolean;
}

async function tables(): Promise<readonly Table[]> {
  const { rows } = await sql<Table>`
    select relname as name, relrowsecurity as "isWalled", exists (
      select from pg_attribute where attrelid = pg_class.oid and attname = 'organization' and not attisdropped
    ) as "hasOrganization"
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`.execute(database.kysely);
  return rows;
}

/** What the work sees and changes is undone. */
async function trying<Result>(work: (executor: Executor) => Promise<Result>): Promise<Result> {
  const undo = new Error('undone');
  let result: Result | undefined;
  await within(database, ours.organization, async ({ executor }) => {
    result = await work(executor);
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return result as Result;
}

test('every table is behind the wall, but those that are known to be the hub’s as a whole', async () => {
  const open = (await tables()).filter(({ isWalled }) => !isWalled).map(({ name }) => name);
  assert.deepEqual(
    open.filter((name) => !hubTables.has(name)),
    [],
    'give it an organization, a reference to what has one, or a line in hubTables',
  );
});

test('without any condition of a query, nothing of another organization is seen, changed or removed', async () => {
  let filled = 0;
  let own = 0;
  for (const { name, hasOrganization } of await tables()) {
    if (!hasOrganization) continue;
    const count = (executor: Executor) =>
      sql<{ all: number; strange: number }>`
        select count(*)::int as all, count(*) filter (where organization <> ${ours.organization})::int as strange
        from ${sql.table(name)}`
        .execute(executor)
        .then(({ rows }) => rows[0] ?? { all: 0, strange: 0 });
    const owner = await count(database.kysely);
    if (owner.strange > 0) filled += 1;
    assert.equal((await trying(count)).strange, 0, `${name} is read across organizations`);
    const changed = await trying(
      async (executor) =>
        (
          await sql<{ organization: string | null }>`
            update ${sql.table(name)} set organization = organization where organization is not null returning organization`
            .execute(executor)
            .catch(() => ({ rows: [] }))
        ).rows,
    );
    if (changed.length > 0) own += 1;
    assert.ok(
      changed.every(({ organization }) => organization === ours.organization),
      `${name} is changed across organizations`,
    );
  }
  assert.ok(own >= 10, `${own} tables let their own rows be changed`);
  assert.ok(filled >= 10, `${filled} tables hold rows of another organization`);
});

test('what belongs to an organization through another table is behind its wall too', async () => {
  const tools = (executor: Executor) =>
    sql<{ server: string }>`select server from server_tools`.execute(executor).then(({ rows }) => rows);
  assert.ok((await tools(database.kysely)).some(({ server }) => server === theirs.server));
  const seen = await trying(tools);
  assert.ok(seen.length > 0 && seen.every(({ server }) => server === ours.server));
});

test('rows cannot be put into another organization, nor given to it', async () => {
  const team = (organization: string, id: string) => (executor: Executor) =>
    sql`insert into teams (id, organization, name, created_at) values (${id}, ${organization}, ${id}, now())`.execute(
      executor,
    );
  await trying(team(ours.organization, 'team_wall_ours'));
  const refused = /row-level security|Make the user the owner|let this user/;
  await assert.rejects(trying(team(theirs.organization, 'team_wall_theirs')), refused);
  await assert.rejects(
    trying((executor) => sql`update teams set organization = ${theirs.organization}`.execute(executor)),
    refused,
  );
  await assert.rejects(
    trying((executor) => sql`truncate teams`.execute(executor)),
    refused,
  );
});

test('who has entered no organization sees nothing, and whoever entered one is out of it with the transaction', async () => {
  const bound = await database.kysely.transaction().execute(async (executor) => {
    await sql`set local role mcpvault_bound`.execute(executor);
    return sql<{ count: number }>`select count(*)::int as count from members`.execute(executor);
  });
  assert.equal(bound.rows[0]?.count, 0);
  await trying(async () => undefined);
  const { rows } = await sql<{ bound: boolean; organization: string | null }>`
    select current_user = 'mcpvault_bound' as bound, current_setting('mcpvault.organization', true) as organization`.execute(
    database.kysely,
  );
  assert.deepEqual([rows[0]?.bound, rows[0]?.organization || null], [false, null]);
});

test('walls that stand are left as they are', async () => {
  const state = () =>
    sql`select relname, relacl::text, relrowsecurity, xmin::text from pg_class where relnamespace = 'public'::regnamespace
      order by relname`.execute(database.kysely);
  const before = (await state()).rows;
  await migrate(database);
  assert.deepEqual((await state()).rows, before);
});
