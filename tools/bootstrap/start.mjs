// @ts-check
// `npm start`: makes a fresh clone ready (dependencies, console), then runs the hub in the foreground.
import { onNewEnoughNode } from './node-floor.mjs';

onNewEnoughNode(() => import('./commands.mjs').then((commands) => commands.start(process.argv.slice(2))));
