// The PostgreSQL that comes with MCPVault: real, private to one hub, reached through a Unix socket only.
import type pg from 'pg';
import type { Log } from '../log.ts';

export interface EmbeddedOptions {
  /** The hub's data directory; the database lives in `postgres` below it. */
  readonly dataDir: string;
  /** Where `initdb` and `postgres` lie; the binaries of the npm packages when left out. */
  readonly binDir?: string | undefined;
  readonly log: Log;
}

export interface EmbeddedDatabase {
  /** Hand it to `connect`. */
  readonly connection: pg.PoolConfig;
  /** True when a server was still running from before, such as after kill -9 of the hub. */
  readonly adopted: boolean;
  /** Ends the server in good order and gives the directory free. Close the pools first. */
  stop(): Promise<void>;
}
