// @ts-check
// `npm run compatibility`: real clients against real servers through the hub, written into docs/compatibility.md.
import { onNewEnoughNode } from './node-floor.mjs';

onNewEnoughNode(() => import('./commands.mjs').then((commands) => commands.compatibility(process.argv.slice(2))));
