// Real databases for tests: one engine per test process, and for each caller a database of its own, copied from one that
// was migrated once. MCPVAULT_TEST_ENGINE chooses the engine: `embedded` (the default) or `debian`, whose programs lie in
// MCPVAULT_TEST_PG_BIN. Everything is gone when the tests of the process are over, and what a killed process left behind
// is cleared away by the next.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Ambient } from '@mcpvault/domain/ambient';
import pg from 'pg';
import { connect, type Database } from '../connect.ts';
import { type EmbeddedDatabase, type EmbeddedOptions, openEmbedded } from '../engine/open-embedded.ts';
import { endLeftover } from '../engine/postmaster.ts';
import { isAlive } from '../engine/process-state.ts';
import type { Log } from '../log.ts';
import { migrate } from '../migrations/migrate.ts';

export interface TestDatabase extends Database {
  /** For connecting to it in other ways. */
  readonly connection: pg.PoolConfig;
}

export const silent: Log = { info() {}, warn() {}, error() {} };

/** A fresh, migrated database. Call it at the top of a test file or in a `before`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  engine ??= startEngine();
  const { connection } = await engine;
  const name = `test_${(count += 1)}`;
  await onServer(connection, `create database ${name} template mcpvault`);
  const own = { ...connection, database: name };
  const database = await connect({ connection: own, poolSize: 10, log: silent });
  opened.push(database);
  return { ...database, connection: own };
}

/**
 * An engine of the chosen kind on a directory of its own, for tests of the engine itself. It is stopped at the latest when
 * the tests of this process are over.
 */
export async function openTestEngine(dataDir: string, more: Partial<EmbeddedOptions> = {}): Promise<EmbeddedDatabase> {
  const opened = await openEmbedded({ dataDir, log: silent, binDir: testBinaries(), settings: careless, ...more });
  const engine: EmbeddedDatabase = {
    ...opened,
    async stop() {
      engines.delete(engine);
      await opened.stop();
    },
  };
  engines.add(engine);
  return engine;
}

/** Ids that count up, a clock that stands at a settable time, and true randomness. */
export function testAmbient(): Ambient & { clock: { time: number } } {
  let last = 0;
  const clock = { time: Date.UTC(2026, 0, 1), now: () => clock.time, micros: () => clock.time * 1000 };
  return {
    clock,
    ids: { next: (prefix) => `${prefix}_${String((last += 1)).padStart(26, '0')}` },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  };
}

/** The programs of the engine that was chosen; undefined for those of the npm packages. */
export function testBinaries(): string | undefined {
  if ((process.env.MCPVAULT_TEST_ENGINE ?? 'embedded') === 'embedded') return undefined;
  return process.env.MCPVAULT_TEST_PG_BIN ?? '/usr/lib/postgresql/15/bin';
}

/** A new directory that is removed when the tests of this process are over. */
export async function testDirectory(name: string): Promise<string> {
  const path = join(home, name);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true, mode: 0o755 });
  return path;
}

const prefix = 'mcpvault-database-test-';
const home = join(tmpdir(), `${prefix}${process.pid}`);
const opened: Database[] = [];
const engines = new Set<EmbeddedDatabase>();
let engine: Promise<EmbeddedDatabase> | undefined;
let count = 0;

/** Speed matters more than power cuts here. */
const careless = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '100' };

async function startEngine(): Promise<EmbeddedDatabase> {
  await clearLeftovers();
  const dataDir = await testDirectory('engine');
  const started = await openTestEngine(dataDir);
  const template = await connect({ connection: started.connection, poolSize: 1, log: silent });
  await migrate(template);
  await template.close();
  return started;
}

// Here and not in a function: called inside a test, it would run when that test is over.
after(async () => {
  await Promise.all(opened.map((database) => database.close()));
  for (const running of engines) await running.stop();
  await clear(home);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    await clear(home);
    process.exit(1);
  });
}

async function clearLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) await clear(join(tmpdir(), name));
  }
}

/** Ends every server below the directory, and removes it. */
async function clear(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    await endLeftover(join(directory, name, 'postgres', 'cluster'));
  }
  await rm(directory, { recursive: true, force: true });
}

async function onServer(connection: pg.PoolConfig, statement: string): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
