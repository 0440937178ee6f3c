// @ts-check
// `npm run check`: format, lint, types, dead code and architecture, side by side.
import { onNewEnoughNode } from './node-floor.mjs';

onNewEnoughNode(() => import('./commands.mjs').then((commands) => commands.check(process.argv.slice(2))));
