// @ts-check
// `npm test`: every suite there is, with what it needs, ending in one line of counts.
import { onNewEnoughNode } from './node-floor.mjs';

onNewEnoughNode(() => import('./commands.mjs').then((commands) => commands.test(process.argv.slice(2))));
