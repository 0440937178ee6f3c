import type { Load } from './echo-call.ts';
import type { Loaded } from './closed-loop.ts';
import { Latencies } from './latencies.ts';

/**
 * Starts so many calls a second, whatever the answers do; a call's time counts from when it was due. Those that find no
 * free load wait for one.
 */
export async function fixedRate(loads: readonly Load[], perSecond: number, seconds: number): Promise<Loaded> {
  const latencies = new Latencies();
  const free = [...loads];
  const due: number[] = [];
  const began = performance.now();
  let started = 0;
  let underway = 0;
  let errors = 0;
  let firstError: string | null = null;

  function startDue(): void {
    for (let load = free.pop(); load !== undefined; load = free.pop()) {
      const at = due.shift();
      if (at === undefined) return void free.push(load);
      start(load, at);
    }
  }

  function start(load: Load, at: number): void {
    underway++;
    load.run((error) => {
      underway--;
      free.push(load);
      if (error === null) latencies.add(performance.now() - at);
      else {
        errors++;
        firstError ??= error.message;
      }
      startDue();
    });
  }

  const total = Math.floor(perSecond * seconds);
  while (started < total) {
    const now = performance.now();
    for (; started < total && began + (started * 1000) / perSecond <= now; started++) {
      due.push(began + (started * 1000) / perSecond);
    }
    startDue();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  for (let waited = 0; underway > 0 && waited < 10_000; waited += 10) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { calls: latencies.count, perSecond: latencies.count / seconds, latencies, errors, firstError };
}
