import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../../run-cli.ts';
import { message } from '../../testing/fake-records.ts';
import { type SignedIn, withSignedIn } from '../../testing/signed-in.ts';

const ids = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { id: string }).id);

function record(hub: SignedIn['hub'], from: number, to: number, more?: Parameters<typeof message>[1]): void {
  for (let number = from; number <= to; number += 1) hub.records.messages.push(message(number, more));
}

test('messages tail --no-follow prints the newest, oldest first, one JSON object a line', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    record(hub, 1, 450);
    const { out } = await mcpvault(['messages', 'tail', '--no-follow', '--limit', '3', '--json']);
    assert.deepEqual(ids(out), ['msg_0448', 'msg_0449', 'msg_0450']);
    const all = await mcpvault(['messages', 'tail', '--no-follow', '--limit', '1000', '--json']);
    assert.equal(ids(all.out).length, 450);
    assert.equal((await mcpvault(['messages', 'tail', '--no-follow', '--limit', '0'])).out, '');
    assert.equal((await mcpvault(['messages', 'tail', '--limit', 'many'])).code, 2);
  });
});

test('messages tail filters by server, tool, member and outcome', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    record(hub, 1, 2);
    record(hub, 3, 3, { outcome: 'refused', target: 'add' });
    record(hub, 4, 4, { member: { id: 'mem_grace', email: 'grace@example.org', name: 'Grace' } });
    const tail = async (...words: string[]): Promise<string[]> =>
      ids((await mcpvault(['messages', 'tail', '--no-follow', '--json', ...words])).out);
    assert.deepEqual(await tail('--outcome', 'refused'), ['msg_0003']);
    assert.deepEqual(await tail('--tool', 'add'), ['msg_0003']);
    assert.deepEqual(await tail('--member', 'Grace@example.org'), ['msg_0004']);
    assert.deepEqual(await tail('--server', 'files'), []);
    assert.equal((await mcpvault(['messages', 'tail', '--outcome', 'fine'])).code, 2);
  });
});

test('messages tail shows what comes in live, each once, filtered, until Ctrl-C', async () => {
  await withSignedIn(async ({ hub, io }) => {
    record(hub, 1, 1);
    const terminal = io();
    const done = runCli(['messages', 'tail', '--json', '--tool', 'echo'], terminal);
    while (hub.live.greeted === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    record(hub, 2, 2);
    record(hub, 3, 3, { target: 'add' });
    record(hub, 4, 4);
    hub.live.send({ type: 'messages', items: [message(1), message(2), message(3, { target: 'add' }), message(4)] });
    hub.live.send({ type: 'changed', area: 'servers', id: null });
    await terminal.saidSoon(/msg_0004/);
    terminal.interrupt();
    assert.equal(await done, 130);
    assert.deepEqual(ids(terminal.said.out), ['msg_0001', 'msg_0002', 'msg_0004']);
  });
});

test('messages tail reads again what the live feed skipped', async () => {
  await withSignedIn(async ({ hub, io }) => {
    const terminal = io();
    const done = runCli(['messages', 'tail', '--json'], terminal);
    while (hub.live.greeted === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    record(hub, 1, 300);
    hub.live.send({ type: 'skipped', count: 300 });
    await terminal.saidSoon(/msg_0300/);
    terminal.interrupt();
    await done;
    assert.equal(ids(terminal.said.out).length, 300);
  });
});

test('messages tail asks again and again where there is no live feed', async () => {
  await withSignedIn(async ({ hub, io }) => {
    hub.hasLive = false;
    const terminal = io();
    const done = runCli(['messages', 'tail', '--json'], terminal);
    record(hub, 1, 2);
    await terminal.saidSoon(/msg_0002/);
    record(hub, 3, 3);
    await terminal.saidSoon(/msg_0003/);
    terminal.interrupt();
    assert.equal(await done, 130);
    assert.deepEqual(ids(terminal.said.out), ['msg_0001', 'msg_0002', 'msg_0003']);
  });
});

test('messages tail survives a dropped feed and misses nothing', async () => {
  await withSignedIn(async ({ hub, io }) => {
    const terminal = io();
    const done = runCli(['messages', 'tail', '--json'], terminal);
    while (hub.live.greeted === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    hub.live.drop();
    record(hub, 1, 2);
    await terminal.saidSoon(/msg_0002/);
    while (hub.live.greeted === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    hub.live.send({ type: 'messages', items: [message(3)] });
    await terminal.saidSoon(/msg_0003/);
    terminal.interrupt();
    await done;
    assert.deepEqual(ids(terminal.said.out), ['msg_0001', 'msg_0002', 'msg_0003']);
  });
});

test('messages tail ends with 3 when the sign-in ends', async () => {
  await withSignedIn(async ({ hub, io }) => {
    const terminal = io();
    const done = runCli(['messages', 'tail'], terminal);
    while (hub.live.greeted === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    hub.signIns.end();
    hub.live.drop();
    assert.equal(await done, 3);
  });
});

test('messages tail shows people one line each', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    record(hub, 1, 1, { redactions: 2 });
    const { out } = await mcpvault(['messages', 'tail', '--no-follow']);
    assert.match(
      out,
      /^[\d:.]+ {2}answered {4}everything {2}tools\/call echo {2}12\.4 ms {2}2 redacted {2}ada@example\.org\n$/,
    );
  });
});

test('messages show prints what was delivered and why, and the original only when asked', async () => {
  await withSignedIn(async ({ hub, json, mcpvault }) => {
    record(hub, 1, 1);
    const { out } = await mcpvault(['messages', 'show', 'msg_0001']);
    assert.match(out, /redacted by Redact secrets: a password\n {2}\[secret\] in 1 place\n/);
    assert.match(out, /12345678901234567890/);
    assert.doesNotMatch(out, /hunter2/);
    const quiet = await json<{ request: { original: string | null } }>(['messages', 'show', 'msg_0001']);
    assert.equal(quiet.request.original, null);
    assert.match((await mcpvault(['messages', 'show', 'msg_0001', '--original'])).out, /hunter2/);
    assert.equal((await mcpvault(['messages', 'show', '17'])).code, 2);
  });
});
