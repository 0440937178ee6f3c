import type { Load } from './echo-call.ts';
import { Latencies } from './latencies.ts';

export interface Loaded {
  /** Rightly answered, those included that were under way when the time was over. */
  readonly calls: number;
  /** Rightly answered within the time, a second. */
  readonly perSecond: number;
  readonly latencies: Latencies;
  readonly errors: number;
  readonly firstError: string | null;
}

/** After so many wrong answers something is broken, and going on would measure nothing. */
const mostErrors = 200;
const pauseAfterError = 20;

/** Runs every load over and over, each as soon as its last answer is there, for so long; then waits for what is under way. */
export function closedLoop(loads: readonly Load[], seconds: number): Promise<Loaded> {
  const latencies = new Latencies();
  const began = performance.now();
  const until = began + seconds * 1000;
  let within = 0;
  let errors = 0;
  let firstError: string | null = null;
  let running = loads.length;
  return new Promise((resolve) => {
    const finish = (): void => {
      if (--running > 0) return;
      resolve({ calls: latencies.count, perSecond: within / seconds, latencies, errors, firstError });
    };
    const start = (load: Load): void => {
      let sent = 0;
      const next = (): void => {
        sent = performance.now();
        if (sent >= until || errors >= mostErrors) finish();
        else load.run(done);
      };
      const done = (error: Error | null): void => {
        const now = performance.now();
        if (error === null) {
          latencies.add(now - sent);
          if (now < until) within++;
          return next();
        }
        errors++;
        firstError ??= error.message;
        setTimeout(next, pauseAfterError);
      };
      next();
    };
    for (const load of loads) start(load);
  });
}
