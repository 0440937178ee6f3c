import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';
import { databaseFailure } from './database-failure.ts';

/** The pool as Kysely sees it: every error on its way out becomes a Failure where it has a meaning for people. */
export function failingWell(pool: Pick<pg.Pool, 'connect' | 'end' | 'options'>, place: string): PostgresPool {
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      try {
        const client = await pool.connect();
        const known = wrapped.get(client) ?? wrap(client, place);
        wrapped.set(client, known);
        return known;
      } catch (error) {
        throw databaseFailure(error, place);
      }
    },
  };
}

function wrap(client: pg.PoolClient, place: string): PostgresPoolClient {
  function query<Row>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query(statement: unknown, parameters?: readonly unknown[]): unknown {
    if (typeof statement !== 'string') throw new TypeError('results are read whole here, never through a cursor');
    return client.query(statement, parameters && [...parameters]).catch((error: unknown) => {
      throw databaseFailure(error, place);
    });
  }
  return { query, release: (destroy) => client.release(destroy) };
}
