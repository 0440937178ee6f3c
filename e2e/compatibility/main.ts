// `npm run compatibility [words]`: the whole matrix, or the clients and servers whose names hold one of the words. The whole
// is written into docs/compatibility.md. Ends with 1 when a pair does not work.

import { writeFileSync } from 'node:fs';
import { startHub } from '../actors/start-hub.ts';
import { clientPeers } from './clients.ts';
import { type Cell, openMatrix, renderMatrix } from './matrix.ts';
import { serverPeers } from './servers.ts';

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const isWanted = (title: string): boolean => words.some((word) => title.toLowerCase().includes(word));
const pairs = serverPeers
  .flatMap((server) => clientPeers.map((client) => ({ client, server })))
  .filter(({ client, server }) => words.length === 0 || isWanted(client.title) || isWanted(server.title));

await using hub = await startHub();
await using matrix = await openMatrix(hub);
const cells: Cell[] = [];
for (const pair of pairs) {
  const cell = await matrix.run(pair);
  const { client, server, problem } = cell;
  console.log(`${problem === null ? '✓' : '✗'} ${client} → ${server}${problem === null ? '' : `: ${problem}`}`);
  cells.push(cell);
}
if (words.length === 0) {
  writeFileSync(new URL('../../docs/compatibility.md', import.meta.url), renderMatrix(cells, clientPeers, serverPeers));
}
const failed = cells.filter(({ problem }) => problem !== null).length;
console.log(`${cells.length - failed} of ${cells.length} pairs work.`);
process.exitCode = failed === 0 ? 0 : 1;
