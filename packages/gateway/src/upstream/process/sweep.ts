// Finds processes by the markers in their environment: what an earlier life of this hub left behind, and descendants that
// left their process group. It ends nothing that does not carry this data directory's mark.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { instanceMarker, processMarker } from './process-environment.ts';

const pollEvery = 25;
const grace = 2_000;
/** A process may start another one between being seen and being ended. */
const rounds = 3;

/** Ends every process marked with this instance; resolves to how many there were. 0 where there is no /proc. */
export async function sweep(instance: string): Promise<number> {
  return endMarked(() => findMarked(instance));
}

/** Ends whatever `find` finds: SIGTERM, two seconds, SIGKILL; again while it finds more. Resolves to how many. */
export async function endMarked(find: () => readonly number[]): Promise<number> {
  const ended = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    let left = find();
    if (left.length === 0) break;
    for (const pid of left) ended.add(pid);
    signalEach(left, 'SIGTERM');
    for (let waited = 0; waited < grace && left.length > 0; waited += pollEvery) {
      await pause(pollEvery);
      left = left.filter(isRunning);
    }
    signalEach(left, 'SIGKILL');
    if (left.length > 0) await pause(pollEvery);
  }
  return ended.size;
}

/** Processes that carry the mark of this instance and, when given, of one of these server processes. */
export function findMarked(instance: string, processes: ReadonlySet<string> | null = null): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isMarked(pid, instance, processes));
}

function isMarked(pid: number, instance: string, processes: ReadonlySet<string> | null): boolean {
  const environment = environmentOf(pid);
  if (!environment.includes(`${instanceMarker}=${instance}`)) return false;
  const prefix = `${processMarker}=`;
  return (
    processes === null ||
    environment.some((entry) => entry.startsWith(prefix) && processes.has(entry.slice(prefix.length)))
  );
}

/** Empty for processes that have ended, that nobody has collected yet, or that belong to somebody else. */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}

/** A zombie has an empty environment: it has ended, only its parent has not noticed. */
function isRunning(pid: number): boolean {
  return environmentOf(pid).length > 1;
}

function signalEach(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile, which is what was wanted.
    }
  }
}
