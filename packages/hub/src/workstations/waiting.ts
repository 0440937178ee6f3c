// Who waits for something to happen at the hub: a poll for work, a person for the end of a job. They are woken by what changed
// on any hub of the database, and look again by themselves; being woken says nothing more than that.
import type { Change, ChangeSubscriber } from '../changes.ts';

export interface Waiting extends ChangeSubscriber {
  /** Resolves when a change that `concerns` says yes to was told, after so many milliseconds, or when the hub stops. */
  until(concerns: (change: Change) => boolean, milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Wakes everybody, and lets nobody wait any more. */
  stop(): void;
}

interface Waiter {
  concerns(change: Change): boolean;
  wake(): void;
}

export function createWaiting(): Waiting {
  const waiters = new Set<Waiter>();
  let stopped = false;

  function wakeAll(): void {
    for (const { wake } of [...waiters]) wake();
  }

  return {
    until(concerns, milliseconds, signal) {
      if (stopped || milliseconds <= 0 || signal?.aborted === true) return Promise.resolve();
      return new Promise((resolve) => {
        const waiter: Waiter = {
          concerns,
          wake() {
            clearTimeout(timer);
            waiters.delete(waiter);
            signal?.removeEventListener('abort', waiter.wake);
            resolve();
          },
        };
        const timer = setTimeout(waiter.wake, milliseconds);
        signal?.addEventListener('abort', waiter.wake);
        waiters.add(waiter);
      });
    },
    changed(changes) {
      for (const { concerns, wake } of [...waiters]) if (changes.some(concerns)) wake();
    },
    missed: wakeAll,
    stop() {
      stopped = true;
      wakeAll();
    },
  };
}
