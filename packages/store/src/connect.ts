// One pool of connections and one Kysely on it, whichever PostgreSQL it is: the embedded one or one of the operator's own.
// What goes wrong below comes out as a Failure that says what to do, and never repeats a password.
import { type Dialect, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Log } from './log.ts';
import type { Schema } from './schema.ts';

export type ConnectionChoice =
  /** `postgres://user:password@host:port/database?sslmode=…` of PostgreSQL 15 or newer. */
  | { readonly databaseUrl: string }
  /** What `openEmbedded` answered. */
  | { readonly connection: pg.PoolConfig };

export type ConnectOptions = ConnectionChoice & {
  /** Connections at most; 10 when left out. */
  readonly poolSize?: number | undefined;
  readonly log: Log;
};

export interface Database {
  /** For raw named statements; the message path writes through it. Its errors are those of `pg`. */
  readonly pool: pg.Pool;
  /** For everything else. Its errors are Failures where they have a meaning for people. */
  readonly kysely: Kysely<Schema>;
  /** Host, port and database, for people. */
  readonly place: string;
  /** Throws `database_unavailable` when the database does not answer within five seconds. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
