// Control groups, where the hub may make some: a bound on the memory and the number of processes of a whole tree. Both
// versions of the kernel's interface are plain folders and files.
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessLimits } from '@mcpvault/domain/catalog/process-rules';

export interface ControlGroups {
  /** Makes a group for one process; its `join` files are to be given the process's id before it starts anything. */
  open(name: string, limits: ProcessLimits): ControlGroup;
  /** Removes what this and earlier hubs of the data directory left. */
  close(): void;
}

export interface ControlGroup {
  /** Files into which a process writes its id to be in the group. */
  readonly join: readonly string[];
  /** Once its processes have ended; tries again by itself as long as the kernel still counts one. */
  remove(): void;
}

interface Hierarchy {
  /** The folder in which ours may be made. */
  readonly folder: string;
  readonly version: 1 | 2;
}

const controllers = ['memory', 'pids'] as const;
const mebibyte = 1024 * 1024;
const removeAgain = 200;
const removeTries = 25;

/** null where none can be made. `root` and `self` are the kernel's, other ones are for tests. */
export function findControlGroups(
  instance: string,
  root = '/sys/fs/cgroup',
  self = '/proc/self/cgroup',
): ControlGroups | null {
  const hierarchies = hierarchiesOf(root, lines(self));
  if (hierarchies === null) return null;
  const ours = `mcpvault-${instance}`;
  try {
    for (const { folder, version } of hierarchies) {
      mkdirSync(join(folder, ours), { recursive: true });
      if (version === 2) writeFileSync(join(folder, ours, 'cgroup.subtree_control'), '+memory +pids');
    }
  } catch {
    return null;
  }
  for (const { folder } of hierarchies) removeAll(groupsIn(join(folder, ours)));
  return {
    open(name, limits) {
      const folders = hierarchies.map(({ folder, version }) => {
        const group = join(folder, ours, name);
        mkdirSync(group, { recursive: true });
        limit(group, version, limits);
        return group;
      });
      return { join: folders.map((folder) => join(folder, 'cgroup.procs')), remove: () => removeAll(folders) };
    },
    close() {
      for (const { folder } of hierarchies) removeAll([...groupsIn(join(folder, ours)), join(folder, ours)]);
    },
  };
}

function hierarchiesOf(root: string, own: readonly string[]): readonly Hierarchy[] | null {
  const first = controllers.map((controller) => {
    const line = own.find((each) => each.split(':')[1]?.split(',').includes(controller) === true);
    const path = line?.split(':').slice(2).join(':');
    return path === undefined ? null : writable(join(root, controller, path));
  });
  if (first.every((folder) => folder !== null)) return first.map((folder) => ({ folder, version: 1 }));
  const path = own.find((line) => line.startsWith('0::'))?.slice(3);
  if (path === undefined) return null;
  // Only a group without processes of its own can have limited ones below it.
  for (const folder of [join(root, path), dirname(join(root, path))]) {
    const has = lines(join(folder, 'cgroup.controllers')).join(' ').split(' ');
    const isEmpty = lines(join(folder, 'cgroup.procs')).length === 0;
    if (isEmpty && controllers.every((each) => has.includes(each)) && writable(folder) !== null) {
      return [{ folder, version: 2 }];
    }
  }
  return null;
}

function limit(group: string, version: 1 | 2, { memory, processes }: ProcessLimits): void {
  const set = (file: string, value: number | null) => {
    if (value !== null && has(join(group, file))) writeFileSync(join(group, file), String(value));
  };
  const bytes = memory === null ? null : memory * mebibyte;
  set(version === 2 ? 'memory.max' : 'memory.limit_in_bytes', bytes);
  // What may not be kept in memory must not be moved to the disk instead.
  set(version === 2 ? 'memory.swap.max' : 'memory.memsw.limit_in_bytes', version === 2 && bytes !== null ? 0 : bytes);
  set('pids.max', processes);
}

function removeAll(folders: readonly string[], tries = removeTries): void {
  const left = folders.filter((folder) => !removed(folder));
  if (left.length === 0 || tries === 0) return;
  setTimeout(() => removeAll(left, tries - 1), removeAgain).unref();
}

function removed(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function groupsIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

function writable(folder: string): string | null {
  try {
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return null;
  }
}

function has(file: string): boolean {
  return writable(file) !== null;
}

function lines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
