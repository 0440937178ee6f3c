// A computer made of memory: any platform, with the files it is given.
import { posix, win32 } from 'node:path';
import type { Platform } from '../catalogue/client.ts';
import type { Machine } from '../machine/machine.ts';

/** Text, bytes, or the name of a state other than `read`. */
type Content = string | Uint8Array;

export interface MemoryMachine extends Machine {
  /** Every path that was read, in order. */
  readonly reads: readonly string[];
}

const states = ['absent', 'no-permission', 'privacy-denied', 'not-a-file', 'too-large', 'unreadable'] as const;

export function memoryMachine(
  platform: Platform,
  files: Readonly<Record<string, Content>>,
  more: { readonly home?: string; readonly env?: Readonly<Record<string, string>> } = {},
): MemoryMachine {
  const path = platform === 'windows' ? win32 : posix;
  const homes = { macos: '/Users/ana', linux: '/home/ana', windows: 'C:\\Users\\ana' };
  const paths = Object.keys(files);
  const reads: string[] = [];
  return {
    platform,
    home: more.home ?? homes[platform],
    env: more.env ?? {},
    reads,
    files: {
      read: async (name) => {
        reads.push(name);
        const content = files[name];
        if (content === undefined) return { state: 'absent' };
        const state = states.find((each) => each === content);
        if (state !== undefined) return { state };
        return {
          state: 'read',
          bytes: typeof content === 'string' ? Buffer.from(content) : content,
        };
      },
      list: async (folder) => {
        const inside = folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`;
        const names = paths.filter((each) => each.startsWith(inside)).map((each) => each.slice(inside.length));
        return [...new Set(names.map((name) => name.split(path.sep)[0] ?? ''))];
      },
      exists: async (name) => paths.some((each) => each === name || each.startsWith(`${name}${path.sep}`)),
    },
  };
}
