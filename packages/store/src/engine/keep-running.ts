import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { Postmaster } from './postmaster.ts';
import { isAlive } from './process-state.ts';

export interface Keeper {
  /** Watches no more. Answers the process that serves now. */
  stop(): Promise<number>;
}

const lookMs = 500;
const longestPauseMs = 30_000;

/** Starts the server again when it ends without being told to; ever more slowly when that does not help. */
export function keepRunning(first: Postmaster, start: () => Promise<Postmaster>, log: Log): Keeper {
  const stopping = new AbortController();
  let { pid } = first;
  const watching = watch();

  async function watch(): Promise<void> {
    for (let pause = lookMs; await pausing(pause); ) {
      if (isAlive(pid)) continue;
      log.error({ pid }, 'the embedded database ended by itself; starting it again');
      try {
        ({ pid } = await start());
        pause = lookMs;
      } catch (error) {
        pause = Math.min(pause * 2, longestPauseMs);
        log.error(
          { reason: error instanceof Error ? error.message : '' },
          'the embedded database does not start again',
        );
      }
    }
  }

  function pausing(pause: number): Promise<boolean> {
    return sleep(pause, true, { signal: stopping.signal, ref: false }).catch(() => false);
  }

  return {
    async stop() {
      stopping.abort();
      await watching;
      return pid;
    },
  };
}
