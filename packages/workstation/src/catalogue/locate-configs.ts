// From patterns of the catalogue to paths of this computer. Nothing is crawled: a pattern with a `*` lists the one folder it
// stands in, `**` a few levels below, both up to a bound.
import { posix, win32 } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import type { Client, ConfigLocation, PathPattern, Platform } from './client.ts';

/** A place where a client looks, on this computer. */
export interface Placed {
  readonly path: string;
  /** The root of the project it belongs to. */
  readonly project?: string;
}

/** Every path that a location stands for here; one without wildcards is given whether it exists or not. */
export async function locateConfigs(
  location: ConfigLocation,
  machine: Machine,
  projects: readonly string[],
): Promise<readonly Placed[]> {
  const found: Placed[] = [];
  for (const pattern of patternsFor(location.path, machine.platform)) {
    const isOfProject = pattern.includes('{project}');
    for (const project of isOfProject ? projects : [undefined]) {
      for (const path of await expandPattern(pattern, machine, project)) {
        found.push(project === undefined ? { path } : { path, project });
      }
    }
  }
  return found;
}

export async function expandPattern(pattern: string, machine: Machine, project?: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const each of alternatives(pattern)) {
    const absolute = absolutePath(each, machine, project);
    if (absolute.includes('*')) paths.push(...(await glob(absolute, machine)));
    else paths.push(absolute);
  }
  return paths;
}

/** Whether one of the paths that give the client away exists. */
export async function isInstalled(client: Client, machine: Machine): Promise<boolean> {
  const patterns = [...(client.detect.all ?? []), ...(client.detect[machine.platform] ?? [])];
  for (const pattern of patterns) {
    for (const path of await expandPattern(pattern, machine)) if (await machine.files.exists(path)) return true;
  }
  return false;
}

function isPattern(path: ConfigLocation['path']): path is PathPattern {
  return typeof path === 'string' || Array.isArray(path);
}

function patternsFor(path: ConfigLocation['path'], platform: Platform): readonly string[] {
  const pattern = isPattern(path) ? path : path[platform];
  if (pattern === undefined) return [];
  return typeof pattern === 'string' ? [pattern] : pattern;
}

function alternatives(pattern: string): string[] {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (found === null) return [pattern];
  const [whole, list = ''] = found;
  return list.split(',').flatMap((each) => alternatives(pattern.replace(whole, () => each)));
}

/** Folders that an environment variable moves: what the pattern begins with, and what stands for it then. */
const moved: readonly { readonly variable: string; readonly from: string; readonly to: string }[] = [
  { variable: 'CLAUDE_CONFIG_DIR', from: '~/.claude.json', to: '.claude.json' },
  { variable: 'CLAUDE_CONFIG_DIR', from: '~/.claude/', to: '' },
  { variable: 'CODEX_HOME', from: '~/.codex/', to: '' },
  { variable: 'COPILOT_HOME', from: '~/.copilot/', to: '' },
  { variable: 'CLINE_DIR', from: '~/.cline/', to: '' },
  { variable: 'GEMINI_CLI_HOME', from: '~/.gemini/', to: '.gemini/' },
  { variable: 'VSCODE_PORTABLE', from: '~/.config/Code/', to: 'user-data/' },
  { variable: 'VSCODE_PORTABLE', from: '%APPDATA%/Code/', to: 'user-data/' },
  { variable: 'XDG_CONFIG_HOME', from: '~/.config/', to: '' },
];

function absolutePath(pattern: string, { platform, home, env }: Machine, project: string | undefined): string {
  const path = platform === 'windows' ? win32 : posix;
  const move = moved.find(({ variable, from }) => pattern.startsWith(from) && (env[variable] ?? '') !== '');
  if (move !== undefined) return path.join(env[move.variable] ?? '', move.to, pattern.slice(move.from.length));
  const roots: Readonly<Record<string, string>> = {
    '~': home,
    '{project}': project ?? '',
    '%APPDATA%': env.APPDATA || path.join(home, 'AppData', 'Roaming'),
    '%LOCALAPPDATA%': env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'),
    '%ProgramData%': env.ProgramData || 'C:\\ProgramData',
  };
  const [first = '', ...rest] = pattern.split('/');
  const root = roots[first];
  return root === undefined ? path.normalize(pattern) : path.join(root, ...rest);
}

const deepestSearch = 6;
const mostMatches = 2000;

async function glob(pattern: string, { platform, files }: Machine): Promise<readonly string[]> {
  const path = platform === 'windows' ? win32 : posix;
  const { root } = path.parse(pattern);
  const segments = pattern.slice(root.length).split(path.sep);
  const found: string[] = [];
  const walk = async (folder: string, at: number, depth: number): Promise<void> => {
    const segment = segments[at];
    if (found.length >= mostMatches) return;
    if (segment === undefined) {
      found.push(folder);
      return;
    }
    if (segment === '**') {
      await walk(folder, at + 1, depth);
      if (depth >= deepestSearch) return;
      for (const name of await files.list(folder)) await walk(path.join(folder, name), at, depth + 1);
      return;
    }
    if (!segment.includes('*')) {
      const next = path.join(folder, segment);
      if (at < segments.length - 1 || (await files.exists(next))) await walk(next, at + 1, depth);
      return;
    }
    const fits = wildcard(segment);
    for (const name of (await files.list(folder)).toSorted()) {
      if (fits.test(name)) await walk(path.join(folder, name), at + 1, depth);
    }
  };
  await walk(root, 0, 0);
  return [...new Set(found)];
}

function wildcard(segment: string): RegExp {
  const source = segment.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${source.join('[^/\\\\]*')}$`);
}
