// One pool of connections and one Kysely on it, whichever PostgreSQL it is: the embedded one or one of the operator's own.
// What goes wrong below comes out as a Failure that says what to do, and never repeats a password.
import { Failure } from '@mcpvault/domain/failure';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { databaseFailure } from './database-failure.ts';
import { failingWell } from './failing-well.ts';
import type { Log } from './log.ts';
import type { Schema } from './schema.ts';
import { type BoundTo, boundTo } from './walls/bound-pool.ts';

export type ConnectionChoice =
  /** `postgres://user:password@host:port/database?sslmode=…` of PostgreSQL 15 or newer. */
  | { readonly databaseUrl: string }
  /** What `openEmbedded` answered. */
  | { readonly connection: pg.PoolConfig };

export type ConnectOptions = ConnectionChoice & {
  /** Connections at most, for the hub's own work and for that of organizations together; 10 when left out. */
  readonly poolSize?: number | undefined;
  readonly log: Log;
};

export interface Database {
  /** For raw named statements; the message path writes through it. Its errors are those of `pg`. */
  readonly pool: pg.Pool;
  /** For everything else. Its errors are Failures where they have a meaning for people. */
  readonly kysely: Kysely<Schema>;
  /** For work of one organization: the database itself shows and takes nothing of another. */
  readonly boundTo: BoundTo;
  /** Host, port and database, for people. */
  readonly place: string;
  /** Throws `database_unavailable` when the database does not answer within five seconds. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;

/** Throws `database_unavailable` with the fix when there is no PostgreSQL 15 or newer that lets us in. */
export async function connect(options: ConnectOptions): Promise<Database> {
  const target = 'databaseUrl' in options ? fromUrl(options.databaseUrl) : options.connection;
  const place = placeOf(options, target);
  const { own, bound } = sharesOf(options.poolSize ?? 10);
  const poolOf = (max: number) => openPool(target, max, place, options.log);
  const pool = poolOf(own);
  const walledPool = poolOf(bound);
  const database: Database = {
    pool,
    kysely: new Kysely<Schema>({ dialect: new PostgresDialect({ pool: failingWell(pool, place) }) }),
    boundTo: boundTo(walledPool, place),
    place,
    ping: () => ping(pool, place),
    close: async () => {
      await Promise.all([pool.end(), walledPool.end()]);
    },
  };
  try {
    await demandVersion(pool, place);
  } catch (error) {
    await database.close();
    throw databaseFailure(error, place);
  }
  return database;
}

/** Most of what is asked of the database is asked for an organization. */
function sharesOf(connections: number): { readonly own: number; readonly bound: number } {
  const own = Math.max(1, Math.floor(connections * 0.4));
  return { own, bound: Math.max(1, connections - own) };
}

function openPool(target: pg.PoolConfig, max: number, place: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    ...target,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    application_name: 'mcpvault',
    types: { getTypeParser },
  });
  pool.on('error', (error) => log.warn({ place, cause: error.message }, 'an idle database connection broke'));
  // A connection that breaks between two statements of a transaction says so here; the next statement then fails.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function fromUrl(databaseUrl: string): pg.PoolConfig {
  let url: URL;
  try {
    url = new URL(databaseUrl);
  } catch {
    throw new Failure('database_unavailable', `DATABASE_URL is not a URL. ${urlHint}`);
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw new Failure('database_unavailable', `DATABASE_URL must begin with postgres://. ${urlHint}`);
  }
  // The driver verifies certificates for each of these, and warns at length unless it is said so.
  const mode = url.searchParams.get('sslmode');
  if (!url.searchParams.has('uselibpqcompat') && (mode === 'prefer' || mode === 'require' || mode === 'verify-ca')) {
    url.searchParams.set('sslmode', 'verify-full');
  }
  return { connectionString: url.href };
}

const urlHint =
  'It looks like postgres://user:password@host:5432/database; in user and password, write special characters percent-encoded.';

function placeOf(options: ConnectionChoice, target: pg.PoolConfig): string {
  if (!('databaseUrl' in options)) return `${target.host}/${target.database}`;
  const url = new URL(options.databaseUrl);
  const host = url.searchParams.get('host') ?? url.hostname;
  return `${host || 'localhost'}:${url.port || '5432'}${url.pathname}`;
}

async function demandVersion(pool: pg.Pool, place: string): Promise<void> {
  const { rows } = await pool.query<{ number: number; version: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version`,
  );
  if (rows[0] && rows[0].number >= 150_000) return;
  throw new Failure(
    'database_unavailable',
    `The database at ${place} is PostgreSQL ${rows[0]?.version}; MCPVault needs 15 or newer. Upgrade it, or leave DATABASE_URL out to use the embedded one.`,
  );
}

async function ping(pool: pg.Pool, place: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('timeout expired')), connectTimeoutMs);
  });
  try {
    await Promise.race([pool.query('select 1'), late]);
  } catch (error) {
    throw databaseFailure(error, place);
  } finally {
    clearTimeout(timer);
  }
}

const int8 = 20;

/** Counts, positions and milliseconds stay far below 2^53, so a bigint comes out as a number. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text');
}
