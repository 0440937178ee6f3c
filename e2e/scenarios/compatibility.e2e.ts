// The short form of the compatibility matrix: every client once, every server once. The whole is `npm run compatibility`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { clientPeers } from '../compatibility/clients.ts';
import { type Matrix, openMatrix } from '../compatibility/matrix.ts';
import { serverPeers } from '../compatibility/servers.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

let hub: Hub;
let matrix: Matrix;

before(async () => {
  hub = await startHub();
  matrix = await openMatrix(hub);
});

after(async () => {
  await matrix?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

for (let n = 0; n < Math.max(clientPeers.length, serverPeers.length); n++) {
  const client = clientPeers[n % clientPeers.length];
  const server = serverPeers[n % serverPeers.length];
  test(`${client?.title} works with ${server?.title}`, async () => {
    verifies('MV-REQ-074');
    assert.ok(client && server);
    assert.equal((await matrix.run({ client, server })).problem, null);
  });
}

test('the published matrix is of these clients and servers', () => {
  const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');
  for (const { title } of clientPeers) assert.ok(page.includes(`| ${title} |`), `${title}: npm run compatibility`);
  for (const { title } of serverPeers) assert.ok(page.includes(` ${title} |`), `${title}: npm run compatibility`);
});
