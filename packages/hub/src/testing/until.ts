import { setTimeout as pause } from 'node:timers/promises';

const patienceMs = 60_000;

/** Waits for what is certain to come; throws when it does not. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it did not come about within ${patienceMs} ms`);
    await pause(5);
  }
}
