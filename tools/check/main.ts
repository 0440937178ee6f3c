// `npm run check`: every check, side by side, one line each.
import { fileURLToPath } from 'node:url';
import { runChecks } from './run-checks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => stop.abort());

const counts = await runChecks(root, (line) => console.log(line), stop.signal);
process.exit(counts.failed === 0 ? 0 : 1);
