// Loaded into the hub before its own program: answers how late the event loop has been, over the channel to who started it,
// and ends the hub when that one is gone.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolution = 10;
const delay = monitorEventLoopDelay({ resolution });

process.on('message', (asked) => {
  if (asked !== 'loop delay') return;
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
  process.send?.({ p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) });
  delay.reset();
  delay.enable();
});

// Whoever started it is gone, whatever ended them: then so is this, in good order.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
