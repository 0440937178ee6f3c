import { readFileSync } from 'node:fs';

/** How many files and connections a process started from here may have open: the hard limit, which the hub gets as its own. */
export function mostOpenFiles(): number {
  return parseMostOpenFiles(readFileSync('/proc/self/limits', 'latin1'));
}

/** Of the text in /proc/<pid>/limits. */
export function parseMostOpenFiles(limits: string): number {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1];
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard ?? 1024);
}
