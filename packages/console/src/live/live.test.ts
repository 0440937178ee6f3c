import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLive, type LivePorts } from './live.ts';

function world(accessToken: LivePorts['accessToken'] = () => Promise.resolve('token')) {
  const sockets: FakeSocket[] = [];
  const waits: { ms: number; run: () => void }[] = [];
  const live = createLive({
    url: 'ws://hub/api/v1/live',
    accessToken,
    open: (url) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    after: (ms, run) => {
      const wait = { ms, run };
      waits.push(wait);
      return () => void waits.splice(waits.indexOf(wait) >>> 0, 1);
    },
    random: () => 1,
  });
  return { live, sockets, waits };
}

class FakeSocket extends EventTarget {
  readonly url: string;
  readonly sent: string[] = [];
  closed = false;

  constructor(url: string) {
    super();
    this.url = url;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
    this.dispatchEvent(new Event('close'));
  }

  receives(event: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the token goes in the first frame, and the feed is live once it is welcomed', async () => {
  const { live, sockets } = world();
  live.start();
  await settled();
  assert.equal(sockets[0]?.url, 'ws://hub/api/v1/live');
  sockets[0]?.dispatchEvent(new Event('open'));
  assert.deepEqual(sockets[0]?.sent, ['{"type":"hello","accessToken":"token"}']);
  assert.equal(live.state(), 'connecting');
  sockets[0]?.receives({ type: 'welcome' });
  assert.equal(live.state(), 'live');
});

test('events are handed on, and what is no event of the contract is passed over', async () => {
  const { live, sockets } = world();
  const seen: string[] = [];
  live.onEvent((event) => seen.push(event.type));
  live.start();
  await settled();
  sockets[0]?.receives({ type: 'skipped', count: 3 });
  sockets[0]?.receives({ type: 'of-the-future' });
  sockets[0]?.dispatchEvent(new MessageEvent('message', { data: 'not json' }));
  sockets[0]?.receives({ type: 'changed', area: 'servers', id: null });
  assert.deepEqual(seen, ['skipped', 'changed']);
});

test('pauses between attempts grow to a bound, and a welcome starts them anew', async () => {
  const { live, sockets, waits } = world();
  live.start();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    await settled();
    sockets.at(-1)?.close();
    const wait = waits.pop();
    pauses.push(wait?.ms ?? 0);
    wait?.run();
  }
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  await settled();
  sockets.at(-1)?.receives({ type: 'welcome' });
  sockets.at(-1)?.close();
  assert.equal(waits.at(-1)?.ms, 500);
});

test('it waits when the hub cannot be asked for a token, and is off when nobody is signed in', async () => {
  const away = world(() => Promise.reject(new Error('unreachable')));
  away.live.start();
  await settled();
  assert.equal(away.live.state(), 'waiting');
  const nobody = world(() => Promise.resolve(null));
  nobody.live.start();
  await settled();
  assert.equal(nobody.live.state(), 'off');
});

test('a token that the hub would not take is said so when the next is asked for', async () => {
  const asked: (string | null)[] = [];
  const { live, sockets, waits } = world((refused) => {
    asked.push(refused);
    return Promise.resolve('token');
  });
  live.start();
  await settled();
  sockets[0]?.dispatchEvent(Object.assign(new Event('close'), { code: 4401 }));
  waits.pop()?.run();
  await settled();
  sockets[1]?.close();
  waits.pop()?.run();
  await settled();
  assert.deepEqual(asked, [null, 'token', null]);
});

test('a live feed is shown the next token', async () => {
  const { live, sockets } = world();
  live.start();
  await settled();
  live.greet('too early');
  sockets[0]?.receives({ type: 'welcome' });
  live.greet('next');
  assert.deepEqual(sockets[0]?.sent, ['{"type":"hello","accessToken":"next"}']);
});

test('stopping closes the connection and ends the attempts', async () => {
  const { live, sockets, waits } = world();
  live.start();
  await settled();
  live.stop();
  assert.equal(sockets[0]?.closed, true);
  assert.equal(waits.length, 0);
  assert.equal(live.state(), 'off');
});

test('retry connects at once, and only while waiting', async () => {
  const { live, sockets } = world();
  live.start();
  await settled();
  live.retry();
  await settled();
  assert.equal(sockets.length, 1);
  sockets[0]?.close();
  live.retry();
  await settled();
  assert.equal(sockets.length, 2);
});
