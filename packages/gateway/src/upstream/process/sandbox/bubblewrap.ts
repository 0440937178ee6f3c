// What a sandboxed process gets to see, as arguments of bubblewrap: the system's own folders to read, a home and a /tmp of
// its own, the paths that an admin allowed, and of everything else not even the name.
import { lstatSync, readlinkSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type { SandboxRules } from '@mcpvault/domain/catalog/process-rules';

export interface SandboxPlace {
  /** On the host: becomes `/home` inside, writable. */
  readonly home: string;
  /** A passwd file that knows nobody but the one who runs the process. */
  readonly passwd: string;
  /** Where the process starts, as a path inside. */
  readonly folder: string;
  /** The program, as it is called inside. */
  readonly program: string;
  /** Folders that no process sees, whatever is allowed around them: the data directory. */
  readonly hidden: readonly string[];
}

export const homeInside = '/home';
/** The account that nobody is, on the distributions that we know. */
export const nobody = 65_534;

/** Read by nearly every program, and telling nothing that a program could not find out otherwise. */
const configuration = [
  ...['alternatives', 'ca-certificates', 'fonts', 'hosts', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'localtime'],
  ...['mime.types', 'nsswitch.conf', 'pki', 'protocols', 'resolv.conf', 'services', 'ssl', 'timezone'],
];
/** On most systems links into /usr. */
const roots = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** Everything before the program. Paths that do not exist are left out, so that they can be made later. */
export function sandboxArguments(rules: SandboxRules, place: SandboxPlace): readonly string[] {
  return [
    ...['--die-with-parent', '--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts'],
    ...['--unshare-cgroup-try', '--hostname', 'sandbox', '--cap-drop', 'ALL'],
    ...(rules.network ? [] : ['--unshare-net']),
    ...['--uid', String(nobody), '--gid', String(nobody)],
    ...['--ro-bind', '/usr', '/usr'],
    ...roots.flatMap(rootArguments),
    ...configuration.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...['--ro-bind', place.passwd, '/etc/passwd'],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...bindings(rules, place),
    ...['--bind', place.home, homeInside],
    ...['--remount-ro', '/', '--chdir', place.folder],
  ];
}

/** True when a sandboxed process sees this path of the host. */
export function isVisible(path: string, rules: SandboxRules): boolean {
  return ['/usr', ...roots, ...rules.read, ...rules.write].some((folder) => isWithin(path, folder));
}

export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

function rootArguments(path: string): readonly string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** The outer ones first, so that what lies deeper is not covered by them; a hidden folder lies over what is around it. */
function bindings({ read, write }: SandboxRules, { hidden, program }: SandboxPlace): readonly string[] {
  const readable = isVisible(program, { mode: 'required', network: false, read, write }) ? read : [...read, program];
  // What lies within a folder that the process may change is there already, and could be a link to anywhere by now.
  const isOpen = (path: string) => write.some((folder) => folder !== path && isWithin(path, folder));
  const steps: readonly (readonly [string, string])[] = [
    ...readable.filter((path) => !isOpen(path)).map((path) => ['--ro-bind-try', path] as const),
    ...write.filter((path) => !isOpen(path)).map((path) => ['--bind-try', path] as const),
    ...hidden
      .filter((folder) => [...read, ...write].some((path) => isWithin(folder, path)))
      .map((path) => ['--tmpfs', path] as const),
  ];
  return steps
    .toSorted(([, a], [, b]) => a.length - b.length)
    .flatMap(([how, path]) => (how === '--tmpfs' ? [how, path] : [how, path, path]));
}
