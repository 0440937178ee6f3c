import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { WebSocketChannel } from './websocket-channel.ts';

async function connected(autoPong: boolean, work: (channel: WebSocketChannel, client: WebSocket) => Promise<void>) {
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  const { promise, resolve } = Promise.withResolvers<WebSocketChannel>();
  http.on('upgrade', (request, wire: Duplex, head) =>
    server.handleUpgrade(request, wire, head, (socket) => {
      socket.on('error', () => undefined);
      resolve(new WebSocketChannel(socket, wire));
    }),
  );
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, { autoPong });
  client.on('error', () => undefined);
  try {
    await work(await promise, client);
  } finally {
    client.terminate();
    http.closeAllConnections();
    http.close();
  }
}

test('a client that answers no ping until the next is gone', async () => {
  await connected(false, async (channel, client) => {
    channel.beat();
    await once(client, 'ping');
    assert.equal(channel.gone, false);
    channel.beat();
    assert.equal(channel.gone, true);
    await once(client, 'close');
  });
});

test('one that answers stays, for as long as it does', async () => {
  await connected(true, async (channel, client) => {
    for (let n = 0; n < 3; n++) {
      channel.beat();
      await once(client, 'ping');
      channel.send(Buffer.from(`${n}`));
      await once(client, 'message');
      client.send('there');
      // What it says counts as well as its pong, whichever comes first.
      channel.heard();
    }
    assert.equal(channel.gone, false);
    channel.close('enough');
    const [code] = (await once(client, 'close')) as [number];
    assert.equal(code, 1000);
  });
});
