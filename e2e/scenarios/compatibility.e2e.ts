// The short form of the compatibility matrix: every client once, every server once. The whole is `npm run compatibility`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { clientPeers } from '../compatibility/clients.ts';
import { runMatrix } from '../compatibility/matrix.ts';
import { serverPeers } from '../compatibility/servers.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

let hub: Hub;

before(async () => {
  hub = await startHub();
});

after(() => hub?.[Symbol.asyncDispose]());

test('every client of the matrix works with a server, and every server with a client', async (t) => {
  verifies('MV-REQ-074');
  const most = Math.max(clientPeers.length, serverPeers.length);
  const pairs = Array.from({ length: most }, (_, n) => ({
    client: clientPeers[n % clientPeers.length],
    server: serverPeers[n % serverPeers.length],
  })).flatMap(({ client, server }) => (client && server ? [{ client, server }] : []));
  const cells = await runMatrix(hub, pairs, ({ client, server }) => t.diagnostic(`${client} → ${server}`));
  assert.equal(cells.length, most);
  assert.deepEqual(
    cells.filter(({ problem }) => problem !== null),
    [],
  );
});

test('the published matrix is of these clients and servers', () => {
  const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');
  for (const { title } of clientPeers) assert.ok(page.includes(`| ${title} |`), `${title}: npm run compatibility`);
  for (const { title } of serverPeers) assert.ok(page.includes(` ${title} |`), `${title}: npm run compatibility`);
});
