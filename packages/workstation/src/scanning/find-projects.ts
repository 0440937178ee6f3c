// The projects that clients themselves remember. The disk is never crawled: a folder nobody opened in a client holds no
// config that a client would use.
import { posix, win32 } from 'node:path';
import { expandPattern } from '../catalogue/locate-configs.ts';
import type { Machine } from '../machine/machine.ts';
import { type ConfigNode, memberOf, nodeAt, stringOf } from '../reading/config-tree.ts';
import { largestConfig, readConfig } from '../reading/read-config.ts';
import type { ReadableFormat } from '../reading/read-tree.ts';

const workspaceStorage = [
  '~/Library/Application Support/{Code,Code - Insiders,Cursor,VSCodium,Windsurf,Antigravity}/User/workspaceStorage/*/workspace.json',
  '~/.config/{Code,Code - Insiders,Cursor,VSCodium,Windsurf,Antigravity}/User/workspaceStorage/*/workspace.json',
  '%APPDATA%/{Code,Code - Insiders,Cursor,VSCodium,Windsurf,Antigravity}/User/workspaceStorage/*/workspace.json',
];

interface Memory {
  readonly pattern: string;
  readonly format: ReadableFormat;
  projects(root: ConfigNode, machine: Machine): readonly string[];
}

const memories: readonly Memory[] = [
  { pattern: '~/.claude.json', format: 'json', projects: (root) => keysOf(nodeAt(root, ['projects'])) },
  { pattern: '~/.codex/config.toml', format: 'toml', projects: (root) => keysOf(nodeAt(root, ['projects'])) },
  {
    pattern: '~/.gemini/config/projects/*.json',
    format: 'json',
    projects: (root, machine) => {
      const resources = nodeAt(root, ['projectResources', 'resources']);
      const items = resources?.kind === 'list' ? resources.items : [];
      return items.flatMap((item) => fromUri(stringOf(memberOf(item, 'folderUri')?.value), machine));
    },
  },
  ...workspaceStorage.map(
    (pattern): Memory => ({
      pattern,
      format: 'json',
      projects: (root, machine) => [
        ...fromUri(stringOf(memberOf(root, 'folder')?.value), machine),
        // A workspace of several roots: the folder its file lies in.
        ...fromUri(stringOf(memberOf(root, 'workspace')?.value), machine).map((file) => pathOf(machine).dirname(file)),
      ],
    }),
  ),
];

const mostProjects = 500;

/** Roots of projects, and their parents up to the home folder, which clients look into as well. */
export async function findProjects(machine: Machine): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { pattern, format, projects } of memories) {
    for (const path of await expandPattern(pattern, machine)) {
      const { document } = readConfig(await machine.files.read(path, largestConfig), format);
      if (document === undefined) continue;
      for (const project of projects(document.tree.root, machine)) {
        for (const each of withParents(project, machine)) found.add(each);
        if (found.size >= mostProjects) return [...found];
      }
    }
  }
  return [...found];
}

function pathOf({ platform }: Machine): typeof posix {
  return platform === 'windows' ? win32 : posix;
}

function keysOf(node: ConfigNode | undefined): readonly string[] {
  return node?.kind === 'map' ? node.members.map(({ key }) => key) : [];
}

function withParents(project: string, machine: Machine): readonly string[] {
  const path = pathOf(machine);
  if (!path.isAbsolute(project)) return [];
  const start = path.resolve(project);
  const found = [start];
  const isBelowHome = (folder: string): boolean => folder.startsWith(`${machine.home}${path.sep}`);
  for (let at = path.dirname(start); isBelowHome(at) && found.length < 8; at = path.dirname(at)) found.push(at);
  return found;
}

/** `file:///c%3A/srv/shop` as a path; nothing for what lies on another machine. */
function fromUri(uri: string | undefined, machine: Machine): readonly string[] {
  if (uri === undefined || !uri.startsWith('file:///')) return [];
  try {
    const path = decodeURIComponent(uri.slice('file://'.length));
    return [machine.platform === 'windows' ? path.slice(1).replaceAll('/', '\\') : path];
  } catch {
    return [];
  }
}
