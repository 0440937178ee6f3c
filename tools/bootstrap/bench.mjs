// @ts-check
// `npm run bench`: the published benchmarks, on this machine.
import { onNewEnoughNode } from './node-floor.mjs';

onNewEnoughNode(() => import('./commands.mjs').then((commands) => commands.bench(process.argv.slice(2))));
