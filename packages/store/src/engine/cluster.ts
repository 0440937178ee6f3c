import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';
import { codeOf } from '../database-failure.ts';
import type { Log } from '../log.ts';
import { outputFailure, syncDirectory } from './directory.ts';
import { handOver, type Launcher, type RunnableBinaries } from './launcher.ts';

export interface ClusterDeps {
  readonly home: string;
  readonly binaries: RunnableBinaries;
  readonly launcher: Launcher;
  readonly log: Log;
}

/** Answers the directory of a database cluster that these binaries can open, making it at first start. */
export async function prepareCluster(deps: ClusterDeps): Promise<string> {
  const cluster = join(deps.home, 'cluster');
  const major = await majorOf(cluster);
  if (major === null) await initialize(cluster, deps);
  else if (major !== deps.binaries.version.major) throw wrongMajor(cluster, major, deps.binaries.version.major);
  await handOver(cluster, deps.launcher.owner);
  return cluster;
}

/** null when there is no cluster yet. */
async function majorOf(cluster: string): Promise<number | null> {
  try {
    const major = Number.parseInt(await readFile(join(cluster, 'PG_VERSION'), 'utf8'), 10);
    if (Number.isInteger(major)) return major;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    if (!(await readdir(cluster).catch(() => null))) return null;
  }
  throw new Failure(
    'database_unavailable',
    `${cluster} does not hold a whole database: PG_VERSION is missing or damaged. Restore it from a backup, or move it away to begin with an empty one.`,
  );
}

/** What is cut off leaves only a directory that nobody looks at: the cluster appears whole or not at all. */
async function initialize(cluster: string, { home, binaries, launcher, log }: ClusterDeps): Promise<void> {
  log.info({ postgres: binaries.version.text }, 'making the embedded database');
  for (const name of await readdir(home)) {
    if (name.startsWith('cluster.new-')) await rm(join(home, name), { recursive: true, force: true });
  }
  const unfinished = await mkdtemp(join(home, 'cluster.new-'));
  await handOver(unfinished, launcher.owner);
  const { ok, stderr } = await launcher.run(join(binaries.binDir, 'initdb'), [
    `--pgdata=${unfinished}`,
    '--username=mcpvault',
    '--encoding=UTF8',
    ...localeOf(binaries.version.major),
    '--data-checksums',
    // Whoever may enter the socket's directory is let in: that is this user alone.
    '--auth=trust',
    '--no-instructions',
  ]);
  if (!ok) {
    await rm(unfinished, { recursive: true, force: true });
    throw outputFailure(stderr, home) ?? couldNotMake(home, stderr);
  }
  await rename(unfinished, cluster);
  await syncDirectory(home);
}

/** The same order of texts on every system, where the engine brings it along itself. */
function localeOf(major: number): string[] {
  return major >= 17 ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C.UTF-8'];
}

function couldNotMake(home: string, output: string): Failure {
  const lines = output.trim().split('\n');
  const why =
    lines.find((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.find((line) => line.startsWith('child process'));
  return new Failure('database_unavailable', `No database could be made in ${home}: ${why ?? lines.at(-1)}`);
}

function wrongMajor(cluster: string, held: number, brought: number): Failure {
  return new Failure(
    'database_unavailable',
    `${cluster} was made by PostgreSQL ${held}, this MCPVault brings ${brought}. Start the MCPVault that made it, move it with pg_upgrade or a dump, or set DATABASE_URL to a PostgreSQL ${held} that serves it.`,
  );
}
