// What Linux says about a process in /proc.

export interface ProcessStat {
  readonly parent: number;
  /** When it started, in ticks since the machine did: with the pid, its identity. */
  readonly started: number;
  /** User and system time, milliseconds. */
  readonly cpu: number;
}

/** `USER_HZ`, the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Of the text in /proc/<pid>/stat. The name in it may hold spaces and brackets. */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (at: number): number => Number(fields[at]);
  return { parent: number(1), started: number(19), cpu: ((number(11) + number(12)) * 1000) / ticksPerSecond };
}

/** Kibibytes, from the text in /proc/<pid>/smaps_rollup: shared pages are divided among those who share them. */
export function parseProportionalSize(text: string): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
}

/** Kibibytes resident, from the text in /proc/<pid>/status. */
export function parseResidentSize(text: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
}
