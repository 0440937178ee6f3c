// How a server is run, as far as its command line tells: over the network, in a container, inside a sandbox, or bare; from
// which package; and whether that package is one exact version or whatever is newest on the day.
import type { Launch } from '../reading/server-entry.ts';
import { programOf, unwrap } from './command-line.ts';

export type Runs = 'network' | 'container' | 'wrapped' | 'bare';

export interface HowItRuns {
  readonly runs: Runs;
  /** `npm:@scope/name@1.2.3`, `pypi:name==1.2.3`, `image:ghcr.io/a/b@sha256:…`; undefined for programs of this computer. */
  readonly package?: string;
  /** Whether the package is one exact version; null where there is no package to pin. */
  readonly isPinned: boolean | null;
  /** The address that a program only passes on to: the server is remote in disguise. */
  readonly relaysTo?: string;
  /** Shells and the like that stood in front of the program. */
  readonly wrappers: readonly string[];
  /** Folders of this computer that a container may reach, as written. */
  readonly mounts: readonly string[];
  /** Rights given to a container that undo what a container is for. */
  readonly privileges: readonly string[];
}

const none = { wrappers: [], mounts: [], privileges: [] } as const;

export function howItRuns(launch: Launch): HowItRuns {
  if (launch.kind === 'url') return { ...none, runs: 'network', isPinned: null };
  const { program, args, wrappers } = unwrap(launch.command, launch.args);
  if (containers.has(program)) return inContainer(args, wrappers);
  if (sandboxes.has(program)) return { ...none, wrappers, runs: 'wrapped', isPinned: null };
  if (program === 'mcpvault') return { ...none, wrappers, runs: 'wrapped', isPinned: null };
  const found = packageOf(program, args);
  const relaysTo = relayTarget(found?.name ?? program, found === undefined ? args : found.args);
  const runs = relaysTo === undefined ? 'bare' : 'network';
  if (found === undefined) return { ...none, wrappers, runs, isPinned: null, ...(relaysTo ? { relaysTo } : {}) };
  const named = { package: `${found.from}:${found.spec}`, isPinned: found.isPinned };
  return { ...none, wrappers, runs, ...named, ...(relaysTo ? { relaysTo } : {}) };
}

const containers = new Set(['docker', 'podman', 'nerdctl', 'finch', 'container']);
const sandboxes = new Set(['bwrap', 'firejail', 'sandbox-exec', 'srt', 'nsjail', 'flatpak', 'systemd-run']);

interface Package {
  readonly from: 'npm' | 'pypi';
  readonly name: string;
  readonly spec: string;
  readonly isPinned: boolean;
  readonly args: readonly string[];
}

function packageOf(program: string, args: readonly string[]): Package | undefined {
  if (program === 'npx' || program === 'bunx' || program === 'pnpx') return npmPackage(args);
  if ((program === 'npm' || program === 'pnpm' || program === 'yarn' || program === 'bun') && runsPackage(args[0])) {
    return npmPackage(args.slice(1));
  }
  if (program === 'uvx' || program === 'pipx') return pypiPackage(program === 'pipx' ? args.slice(1) : args);
  if (program === 'uv' && args[0] === 'tool' && args[1] === 'run') return pypiPackage(args.slice(2));
  return undefined;
}

function runsPackage(word: string | undefined): boolean {
  return word === 'exec' || word === 'dlx' || word === 'x';
}

function npmPackage(args: readonly string[]): Package | undefined {
  const named = optionValue(args, ['-p', '--package']);
  const at = args.findIndex((word) => !word.startsWith('-') && word !== named);
  const spec = named ?? args[at];
  if (spec === undefined) return undefined;
  const [, name = spec, version] = /^(@?[^@]+)(?:@(.*))?$/.exec(spec) ?? [];
  const isPinned = /^\d+\.\d+\.\d+(?:[-+][\w.-]+)?$/.test(version ?? '') || /#[\da-f]{40}$/.test(spec);
  return {
    from: 'npm',
    name: named === undefined ? name : (args[at] ?? name),
    spec,
    isPinned,
    args: args.slice(at + 1),
  };
}

const valuedOptions = ['--from', '--with', '--python', '-p', '--index-url', '--spec'];

function pypiPackage(args: readonly string[]): Package | undefined {
  const from = optionValue(args, ['--from', '--spec']);
  let at = 0;
  while (at < args.length && (args[at] ?? '').startsWith('-')) at += valuedOptions.includes(args[at] ?? '') ? 2 : 1;
  const spec = from ?? args[at];
  if (spec === undefined) return undefined;
  const isPinned = /(?:==|@)\d+(?:\.\d+)*[\w.]*$/.test(spec) || /@[\da-f]{40}$/.test(spec);
  return { from: 'pypi', name: spec.replace(/[=@[<>~!].*$/, ''), spec, isPinned, args: args.slice(at + 1) };
}

function optionValue(args: readonly string[], names: readonly string[]): string | undefined {
  for (const [at, word] of args.entries()) {
    if (names.includes(word)) return args[at + 1];
    const name = names.find((each) => word.startsWith(`${each}=`));
    if (name !== undefined) return word.slice(name.length + 1);
  }
  return undefined;
}

const relays = new Set([
  'mcp-remote',
  'mcp-proxy',
  'supergateway',
  'mcp-stdio-to-streamable-http-adapter',
  'mcp-superassistant-proxy',
]);

function relayTarget(name: string, args: readonly string[]): string | undefined {
  if (!relays.has(programOf(name.replace(/^@[^/]+\//, '').replace(/@.*$/, '')))) return undefined;
  return args.find((word) => /^(?:https?|wss?):\/\//i.test(word));
}

const containerValued = new Set([
  ...[
    '-v',
    '--volume',
    '--mount',
    '-e',
    '--env',
    '--env-file',
    '-p',
    '--publish',
    '--name',
    '--network',
    '--net',
    '-w',
  ],
  ...['--workdir', '-u', '--user', '--entrypoint', '-h', '--hostname', '-l', '--label', '--cap-add', '--cap-drop'],
  ...[
    '--security-opt',
    '--device',
    '--add-host',
    '--platform',
    '-m',
    '--memory',
    '--cpus',
    '--pull',
    '--tmpfs',
    '--pid',
  ],
]);

function inContainer(args: readonly string[], wrappers: readonly string[]): HowItRuns {
  const at = args.indexOf('run');
  const mounts: string[] = [];
  const privileges: string[] = [];
  let next = at + 1;
  for (; at >= 0 && next < args.length; next += 1) {
    const word = args[next] ?? '';
    if (!word.startsWith('-')) break;
    const [name = word, joined] = /^(--[^=]+)=(.*)$/.exec(word)?.slice(1) ?? [];
    const value = joined ?? (containerValued.has(word) ? args[(next += 1)] : undefined) ?? '';
    if (name === '-v' || name === '--volume') mounts.push(value.replace(/:[^:\\/]*$/, '').replace(/:[^:]*$/, ''));
    else if (name === '--mount') mounts.push(/(?:source|src)=([^,]*)/.exec(value)?.[1] ?? value);
    else if (name === '--privileged' || name === '--cap-add' || name === '--device') privileges.push(name.slice(2));
    else if (/^--(?:network|net|pid|ipc|userns)$/.test(name) && value === 'host')
      privileges.push(`${name.slice(2)}=host`);
  }
  const image = at < 0 ? undefined : args[next];
  const runs = { runs: 'container', wrappers, mounts, privileges } as const;
  if (image === undefined) return { ...runs, isPinned: null };
  return { ...runs, package: `image:${image}`, isPinned: /@sha256:[\da-f]{64}$/.test(image) };
}
