// @ts-check
// `npm run detection`: how well injections are found, on texts of your own folder.
import { onNewEnoughNode } from './node-floor.mjs';

onNewEnoughNode(() => import('./commands.mjs').then((commands) => commands.detection(process.argv.slice(2))));
