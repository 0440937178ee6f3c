// What some suites need beyond npm: the distribution's PostgreSQL, Chromium and bubblewrap. Installs them where that is allowed
// (Debian, as root), says so where it is not, and leaves every existing database cluster alone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Need = 'postgresql' | 'chromium' | 'bubblewrap';

export interface Equipment {
  /** The folder with `initdb` and `postgres`. */
  readonly postgresBin: string | undefined;
  /** The browser's program. */
  readonly chromium: string | undefined;
  /** The program that makes sandboxes. */
  readonly bubblewrap: string | undefined;
  /** One sentence for each need that could not be met: why, and what to do. */
  readonly missing: ReadonlyMap<Need, string>;
}

export interface Wishes {
  readonly postgresBin: string | undefined;
  readonly chromium: string | undefined;
  /** False when the person said that nothing may be installed. */
  readonly mayInstall: boolean;
}

const packagesFor: Readonly<Record<Need, readonly string[]>> = {
  postgresql: ['postgresql'],
  // Without any font a page is drawn as empty boxes.
  chromium: ['chromium', 'fonts-liberation'],
  bubblewrap: ['bubblewrap'],
};

export async function equip(needs: ReadonlySet<Need>, wishes: Wishes, say: (line: string) => void): Promise<Equipment> {
  const absent = async (): Promise<Need[]> => {
    const found = await find(wishes);
    const places = { postgresql: found.postgresBin, chromium: found.chromium, bubblewrap: found.bubblewrap };
    return [...needs].filter((need) => places[need] === undefined);
  };
  const missing = new Map<Need, string>();
  const wanted = await absent();
  if (wanted.length > 0) {
    const obstacle = await obstacleToInstalling(wishes);
    const troubles = obstacle === undefined ? await install(wanted, say) : new Map<Need, string>();
    for (const need of await absent()) {
      missing.set(
        need,
        `${need} is missing here and ${obstacle ?? troubles.get(need) ?? 'its package did not bring it'}`,
      );
    }
  }
  return { ...(await find(wishes)), missing };
}

async function find(wishes: Wishes): Promise<Omit<Equipment, 'missing'>> {
  return {
    postgresBin: wishes.postgresBin ?? (await newestPostgresBin('/usr/lib/postgresql')),
    chromium: wishes.chromium ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path)),
    bubblewrap: ['/usr/bin/bwrap', '/usr/local/bin/bwrap'].find((path) => existsSync(path)),
  };
}

/** Debian keeps each major version in a folder of its own; none of them is on PATH. */
async function newestPostgresBin(folder: string): Promise<string | undefined> {
  const versions = await readdir(folder).catch(() => []);
  return versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(folder, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'postgres')) && existsSync(join(bin, 'initdb')));
}

/** Why nothing may be installed here, as the second half of a sentence; undefined when it may. */
async function obstacleToInstalling(wishes: Wishes): Promise<string | undefined> {
  if (!wishes.mayInstall) return 'MCPVAULT_TEST_INSTALL=off forbids installing it';
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/^ID="?debian"?$/m.test(release)) return 'it is installed automatically on Debian only: install it yourself';
  if (process.getuid?.() !== 0) return 'only root may install it: run "npm test" as root once, or install it yourself';
  return undefined;
}

// Read by PostgreSQL's own package when it is set up: without a main cluster there is nothing to start.
const noCluster = '/etc/postgresql-common/createcluster.d/mcpvault-test.conf';

/** What went wrong for a need, as the second half of a sentence; nothing for those that went well. */
async function install(needs: readonly Need[], say: (line: string) => void): Promise<Map<Need, string>> {
  const troubles = new Map<Need, string>();
  await mkdir(dirname(noCluster), { recursive: true });
  await writeFile(noCluster, 'create_main_cluster = false\n');
  try {
    say('reading the package lists (apt-get update)');
    // One unreachable source among several fails it, and the packages may come from the others.
    await aptGet(['update']);
    for (const need of needs) {
      say(`installing ${need} (apt-get install ${packagesFor[need].join(' ')})`);
      const trouble = await aptGet(['install', '--no-install-recommends', ...packagesFor[need]]);
      if (trouble !== undefined) troubles.set(need, `installing it failed: ${trouble}`);
    }
  } finally {
    await rm(noCluster, { force: true });
  }
  return troubles;
}

/** Undefined when apt-get was content, else what it said. */
function aptGet(args: readonly string[]): Promise<string | undefined> {
  const flags = ['-q', '-y', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'];
  return new Promise((resolve) => {
    const child = spawn('apt-get', [...flags, ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: string): void => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : saidWrong(output)));
  });
}

function saidWrong(output: string): string {
  const lines = output.trim().split('\n');
  const errors = lines.filter((line) => line.startsWith('E: '));
  return (errors.length > 0 ? errors : lines.slice(-1)).join(' ');
}
