import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type ControlGroups, findControlGroups } from './control-groups.ts';

/** What this machine offers to hold processes in. Each is looked for when first asked for. */
export interface MachineMeans {
  /** The program, or why there is none, as one sentence with its fix. */
  bubblewrap(): { readonly program: string } | { readonly trouble: string };
  prlimit(): string | null;
  groups(): ControlGroups | null;
  readonly root: boolean;
}

const isLinux = process.platform === 'linux';
/** Milliseconds. What was not there may have been installed meanwhile. */
const lookAgain = 30_000;
const patience = 5_000;

export function machineMeans(instance: string, path: string, now: () => number): MachineMeans {
  let wrap: { readonly found: ReturnType<MachineMeans['bubblewrap']>; readonly at: number } | null = null;
  let groups: ControlGroups | null | undefined;
  return {
    root: process.getuid?.() === 0,
    bubblewrap() {
      if (wrap === null || ('trouble' in wrap.found && now() - wrap.at > lookAgain)) {
        wrap = { found: lookForBubblewrap(path), at: now() };
      }
      return wrap.found;
    },
    prlimit: () => (isLinux ? programOn(path, 'prlimit') : null),
    groups() {
      if (groups === undefined) groups = isLinux ? findControlGroups(instance) : null;
      return groups;
    },
  };
}

/** The first executable of this name among the folders of a PATH; null when there is none. */
export function programOn(path: string, name: string): string | null {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const program = join(folder, name);
    try {
      accessSync(program, constants.X_OK);
      return program;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

function lookForBubblewrap(path: string): ReturnType<MachineMeans['bubblewrap']> {
  if (!isLinux) return { trouble: 'Processes can be put into a sandbox on Linux only.' };
  const program = programOn(path, 'bwrap');
  if (program === null) {
    return { trouble: 'There is no sandbox, because bubblewrap is missing. On Debian: apt-get install bubblewrap.' };
  }
  // It may be there and not be allowed to make namespaces, as in many containers.
  const tried = spawnSync(
    program,
    ['--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', 'true'],
    {
      env: { PATH: path },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: patience,
    },
  );
  if (tried.status === 0) return { program };
  const said =
    String(tried.stderr ?? '')
      .trim()
      .split('\n')
      .at(-1)
      ?.slice(0, 200) || 'no reason given';
  return {
    trouble: `There is no sandbox, because this machine does not let bubblewrap make one (${said}). Allow unprivileged user namespaces.`,
  };
}
