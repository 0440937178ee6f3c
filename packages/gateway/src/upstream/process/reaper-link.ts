import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../ports.ts';

/** The hub's end of the reaper: it must hear of a process group in the same turn in which the group began. */
export interface ReaperLink {
  add(group: number, id: string): void;
  remove(group: number, id: string): void;
  /** Lets the reaper end: it ends first what was not removed. Resolves when it has gone. */
  close(): Promise<void>;
}

const restartDelay = 500;
const program = fileURLToPath(new URL('./reaper.ts', import.meta.url));
/** Small heap, no compiler threads: it does next to nothing. */
const flags = ['--max-old-space-size=32', '--max-semi-space-size=1', '--v8-pool-size=0', '--no-warnings'];

/** Starts the reaper with the first group, and again whenever it dies. */
export function createReaperLink(instance: string, log: Log): ReaperLink {
  const groups = new Map<number, string>();
  let reaper: ChildProcess | null = null;
  let closed = false;

  function start(): void {
    if (closed || reaper !== null) return;
    const child = spawn(process.execPath, [...flags, program, instance], {
      env: {},
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      windowsHide: true,
    });
    reaper = child;
    child.stdin?.on('error', () => {});
    child.on('error', () => lost(child));
    child.on('exit', () => lost(child));
    child.unref();
    (child.stdin as { unref?: () => void } | null)?.unref?.();
    for (const [group, id] of groups) tell(`+${group} ${id}\n`);
  }

  function lost(child: ChildProcess): void {
    if (reaper !== child) return;
    reaper = null;
    if (closed) return;
    log.warn({}, 'the reaper of server processes has ended; it is started again');
    setTimeout(start, restartDelay).unref();
  }

  function tell(line: string): void {
    reaper?.stdin?.write(line);
  }

  return {
    add(group, id) {
      groups.set(group, id);
      if (reaper === null) start();
      else tell(`+${group} ${id}\n`);
    },
    remove(group, id) {
      groups.delete(group);
      tell(`-${group} ${id}\n`);
    },
    async close() {
      closed = true;
      const child = reaper;
      if (child === null || child.exitCode !== null || child.pid === undefined) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.ref();
      child.stdin?.end();
      await gone;
    },
  };
}
