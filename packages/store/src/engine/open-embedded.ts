// The PostgreSQL that comes with MCPVault: real, private to one hub, and reached through a Unix socket only. It runs as a
// process of its own that outlives a crash of the hub: the next hub finds it and goes on with it. It is never downloaded,
// never listens on TCP, and never shared by two hubs.
import { join } from 'node:path';
import type pg from 'pg';
import type { Log } from '../log.ts';
import { embeddedBinaries, installedBinaries } from './binaries.ts';
import { prepareCluster } from './cluster.ts';
import { lockDirectory } from './directory-lock.ts';
import { directoryFailure, makeDirectory } from './directory.ts';
import { type AsRoot, chooseLauncher } from './launcher.ts';
import { connectionTo, createOwnDatabase } from './own-connection.ts';
import { adopt, type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { openSocketDirectory } from './socket-directory.ts';
import { keepRunning } from './keep-running.ts';

export interface EmbeddedOptions {
  /** The hub's data directory; the database lives in `postgres` below it. */
  readonly dataDir: string;
  readonly log: Log;
  /** Where `initdb` and `postgres` lie; the binaries of the npm packages when left out. */
  readonly binDir?: string | undefined;
  /** Server settings on top of ours, by name; for tests. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** The ways to try when the hub runs as root, which PostgreSQL refuses to; all of them when left out. */
  readonly asRoot?: readonly AsRoot[] | undefined;
}

export interface EmbeddedDatabase {
  /** Hand it to `connect`. */
  readonly connection: pg.PoolConfig;
  /** True when a server was still running from before, such as after kill -9 of the hub. */
  readonly adopted: boolean;
  /** Ends the server in good order and gives the directory free. Close the pools first. */
  stop(): Promise<void>;
}

/** Throws `database_unavailable` with the fix; whatever it started or locked before is undone. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  try {
    const home = await makeDirectory(join(options.dataDir, 'postgres'));
    const lock = await lockDirectory(home);
    try {
      return await open(options, home, lock.release);
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw directoryFailure(error, options.dataDir);
  }
}

async function open(options: EmbeddedOptions, home: string, unlock: () => Promise<void>): Promise<EmbeddedDatabase> {
  const { log } = options;
  const found = options.binDir === undefined ? await embeddedBinaries(home) : installedBinaries(options.binDir);
  const { launcher, binaries } = await chooseLauncher(found, { home, ways: options.asRoot });
  const cluster = await prepareCluster({ home, binaries, launcher, log });
  const running = await adopt(cluster, log);
  const sockets = await openSocketDirectory(home, launcher, running?.socketDirectory);
  const start = (): Promise<Postmaster> =>
    startPostmaster({
      cluster,
      binaries,
      launcher,
      log,
      home,
      socketDirectory: sockets.path,
      settings: options.settings,
    });
  const first = running ?? (await start());
  try {
    await createOwnDatabase(sockets.path);
  } catch (error) {
    await stopPostmaster(first.pid, log);
    throw error;
  }
  const keeper = keepRunning(first, start, log);
  log.info(
    { adopted: running !== null, pid: first.pid, postgres: binaries.version.text },
    'the embedded database is ready',
  );
  return {
    connection: connectionTo(sockets.path),
    adopted: running !== null,
    async stop() {
      const pid = await keeper.stop();
      await stopPostmaster(pid, log);
      await sockets.remove();
      await unlock();
    },
  };
}
