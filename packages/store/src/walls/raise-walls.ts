// The second wall between organizations. The first is the condition that every query carries; should one be forgotten, the
// database itself shows and takes no row of another organization: what is done in the name of one runs as a role that
// row-level security binds, within it, be it for somebody who is signed in or on the hub's own account. Only what names none
// (whose token is this, which of all are due) runs as the owner of the tables, for whom there is no wall.
import { type Kysely, sql } from 'kysely';

/** Bound by row-level security, owns nothing, and nobody signs in as it. */
export const boundRole = 'mcpvault_bound';

/** Tables of the hub as a whole: what lies in them is looked up by secrets or belongs to nobody. */
export const hubTables: ReadonlySet<string> = new Set([
  'audit_keys',
  'hub_nodes',
  'journal_positions',
  'known_places',
  'login_attempts',
  'oauth_artifacts',
  'oauth_clients',
  'oauth_keys',
  'schema_migrations',
]);

/** Of these, rows that belong to nobody yet are made on behalf of members too: they are found by a secret alone. */
const foundBySecret: ReadonlySet<string> = new Set(['one_time_links', 'sign_in_states']);

interface TableState {
  readonly name: string;
  readonly hasOrganization: boolean;
  readonly mayBeNobodys: boolean;
  readonly isWalled: boolean;
  readonly isOpen: boolean;
  /** Where it has no organization of its own: the table that it belongs to, and how. */
  readonly parent: string | null;
  readonly column: string | null;
  readonly parentColumn: string | null;
}

/**
 * Brings every table behind the wall that is not, each time after the migrations ran: a table that was added is not
 * forgotten. Changes nothing where all is done. Where this user may neither make the role nor become it, there is no second
 * wall, and `enter_organization` does nothing.
 */
export async function raiseWalls(executor: Kysely<unknown>): Promise<void> {
  const isThere = await roleIsThere(executor);
  for (const table of isThere ? await tablesOf(executor) : []) {
    if (!table.isOpen) {
      await sql`grant select, insert, update, delete on ${sql.table(table.name)} to ${sql.id(boundRole)}`.execute(
        executor,
      );
    }
    const condition = conditionOf(table);
    if (table.isWalled || condition === null) continue;
    const { using, check } = condition;
    await sql`create policy own_organization on ${sql.table(table.name)} to ${sql.id(boundRole)}
      using (${using}) with check (${check})`.execute(executor);
    await sql`alter table ${sql.table(table.name)} enable row level security`.execute(executor);
  }
  await setEntrance(executor, isThere);
}

async function roleIsThere(executor: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ exists: boolean; mayMake: boolean; mayBe: boolean }>`
    select to_regrole(${boundRole}) is not null as exists, rolsuper or rolcreaterole as "mayMake",
      rolsuper or coalesce(pg_has_role(to_regrole(${boundRole}), 'member'), false) as "mayBe"
    from pg_roles where rolname = current_user`.execute(executor);
  const [state] = rows;
  if (state === undefined) return false;
  if (!state.exists && !state.mayMake) return false;
  // Roles belong to the whole server: another hub on another database may be at it at this moment.
  if (!state.exists) {
    await sql`do $$ begin create role ${sql.raw(boundRole)} nologin;
      exception when duplicate_object or unique_violation then null; end $$`.execute(executor);
  }
  if (!state.mayBe) {
    if (!state.mayMake) return false;
    await sql`grant ${sql.id(boundRole)} to current_user`.execute(executor);
  }
  await sql`grant usage on schema public to ${sql.id(boundRole)}`.execute(executor);
  return true;
}

async function tablesOf(executor: Kysely<unknown>): Promise<readonly TableState[]> {
  const { rows } = await sql<TableState>`
    select t.relname as name, o.attname is not null as "hasOrganization",
      o.attname is not null and not o.attnotnull as "mayBeNobodys", t.relrowsecurity as "isWalled",
      has_table_privilege(${boundRole}, t.oid, 'insert') as "isOpen",
      f.parent, f.column, f.parent_column as "parentColumn"
    from pg_class t
    join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public'
    left join pg_attribute o on o.attrelid = t.oid and o.attname = 'organization' and not o.attisdropped
    left join lateral (
      select p.relname as parent, a.attname as column, b.attname as parent_column
      from pg_constraint c
      join pg_class p on p.oid = c.confrelid
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
      where c.conrelid = t.oid and c.contype = 'f' and c.confrelid <> t.oid
      order by c.conname limit 1
    ) f on true
    where t.relkind in ('r', 'p') order by t.relname`.execute(executor);
  return rows;
}

/** null for tables of the hub as a whole. */
function conditionOf({ name, hasOrganization, mayBeNobodys, parent, column, parentColumn }: TableState) {
  const current = sql`current_setting('mcpvault.organization', true)`;
  const own = (organization: string) => sql`${sql.ref(organization)} = ${current}`;
  if (name === 'organizations') return { using: own('id'), check: own('id') };
  // What belongs to nobody in particular is the hub's: it may be read, and is changed by the hub alone.
  if (hasOrganization) {
    const using = mayBeNobodys ? sql`organization is null or ${own('organization')}` : own('organization');
    return { using, check: foundBySecret.has(name) ? using : own('organization') };
  }
  if (hubTables.has(name) || parent === null || column === null || parentColumn === null) return null;
  // Its parent is walled itself, so that what is seen of it is of this organization.
  const through = sql`exists (select from ${sql.table(parent)} as parent
    where ${sql.ref(`parent.${parentColumn}`)} = ${sql.ref(`${name}.${column}`)})`;
  return { using: through, check: through };
}

/** Whether the second wall stands: without it these do no more than say which organization it is. */
export async function wallsStand<Tables>(executor: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ body: string }>`
    select prosrc as body from pg_proc where proname = 'enter_organization'`.execute(executor);
  return rows[0]?.body.includes(boundRole) === true;
}

/**
 * Whoever calls `enter_organization` is within it until the transaction ends, and who calls `stay_in_organization` until
 * the connection ends, or goes to another.
 */
async function setEntrance(executor: Kysely<unknown>, isThere: boolean): Promise<void> {
  await setFunction(executor, 'enter_organization', isThere, true);
  await setFunction(executor, 'stay_in_organization', isThere, false);
}

async function setFunction(executor: Kysely<unknown>, name: string, isThere: boolean, local: boolean): Promise<void> {
  const become = isThere ? `perform set_config('role', '${boundRole}', ${local});` : '';
  const body = `begin perform set_config('mcpvault.organization', organization, ${local}); ${become} end`;
  const { rows } = await sql<{ body: string }>`
    select prosrc as body from pg_proc where proname = ${name}`.execute(executor);
  if (rows[0]?.body === body) return;
  await sql`create or replace function ${sql.id(name)}(organization text) returns void language plpgsql
    as ${sql.lit(body)}`.execute(executor);
}
