import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSession, type Session, type SessionMessage, type TokenPair } from './session.ts';

/** Tabs of one browser, and a hub that ends the sign-in when a refresh token comes a second time. */
function browser() {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  const tabs: Session[] = [];
  const hub = { now: 0, issued: 0, good: '', refreshes: 0, ended: false, down: false };
  let turn: Promise<unknown> = Promise.resolve();

  const issue = (): TokenPair => {
    hub.issued += 1;
    hub.good = `refresh-${hub.issued}`;
    return { accessToken: `access-${hub.issued}`, refreshToken: hub.good, expiresIn: 60 };
  };

  function open(): Session {
    const tab: Session = createSession({
      storage,
      now: () => hub.now,
      exclusively: (task) => {
        const mine = turn.then(task);
        turn = mine.catch(() => undefined);
        return mine;
      },
      broadcast: (message: SessionMessage) => {
        for (const other of tabs) if (other !== tab) other.hear(message);
      },
      async refresh(token) {
        await Promise.resolve();
        if (hub.down) throw new Error('unreachable');
        hub.refreshes += 1;
        if (token !== hub.good) hub.ended = true;
        return hub.ended ? 'ended' : issue();
      },
    });
    tabs.push(tab);
    return tab;
  }
  return { open, hub, issue, stored };
}

test('a token is used until shortly before it expires, then exchanged', async () => {
  const { open, hub, issue } = browser();
  const tab = open();
  tab.begin(issue());
  hub.now = 29_000;
  assert.equal(await tab.accessToken(), 'access-1');
  hub.now = 31_000;
  assert.equal(await tab.accessToken(), 'access-2');
  assert.equal(hub.refreshes, 1);
});

test('many calls at once refresh once', async () => {
  const { open, hub, issue } = browser();
  const tab = open();
  tab.begin(issue());
  hub.now = 100_000;
  const tokens = await Promise.all(Array.from({ length: 20 }, () => tab.accessToken()));
  assert.deepEqual(new Set(tokens), new Set(['access-2']));
  assert.equal(hub.refreshes, 1);
});

test('tabs never use a refresh token twice', async () => {
  const { open, hub, issue } = browser();
  const tabs = [open(), open(), open()];
  tabs[0]?.begin(issue());
  hub.now = 100_000;
  const tokens = await Promise.all(tabs.map((tab) => tab.accessToken()));
  assert.deepEqual(tokens, ['access-2', 'access-2', 'access-2']);
  assert.equal(hub.ended, false);
});

test('a new tab continues the sign-in with what is kept', async () => {
  const { open, issue } = browser();
  open().begin(issue());
  const second = open();
  assert.equal(second.isKept(), true);
  assert.equal(await second.accessToken(), 'access-2');
});

test('a refused token is exchanged, and one exchanged already by then is not exchanged again', async () => {
  const { open, hub, issue } = browser();
  const tab = open();
  tab.begin(issue());
  assert.equal(await tab.renew('access-1'), true);
  assert.equal(await tab.accessToken(), 'access-2');
  assert.equal(await tab.renew('access-1'), true);
  assert.equal(hub.refreshes, 1);
});

test('an ended sign-in is forgotten in every tab, and each is told', async () => {
  const { open, hub, issue, stored } = browser();
  const [one, other] = [open(), open()];
  one.begin(issue());
  let told = 0;
  other.onChange(() => {
    told += 1;
  });
  hub.ended = true;
  assert.equal(await one.renew('access-1'), false);
  assert.equal(await other.accessToken(), null);
  assert.equal(told, 1);
  assert.equal(stored.size, 0);
});

test('every tab learns of a new token, with the time by which to exchange it', async () => {
  const { open, hub, issue } = browser();
  const [one, other] = [open(), open()];
  const heard: [string, number][] = [];
  other.onToken((token, exchangeAt) => heard.push([token, exchangeAt]));
  one.begin(issue());
  hub.now = 40_000;
  await one.accessToken();
  assert.deepEqual(heard, [
    ['access-1', 30_000],
    ['access-2', 70_000],
  ]);
});

test('a hub that is away does not end the sign-in', async () => {
  const { open, hub, issue } = browser();
  const tab = open();
  tab.begin(issue());
  hub.now = 100_000;
  hub.down = true;
  await assert.rejects(tab.accessToken(), /unreachable/);
  hub.down = false;
  assert.equal(await tab.accessToken(), 'access-2');
});

test('a tab acts as somebody until that ends, and is its own again after', async () => {
  const { open, hub, issue } = browser();
  const [tab, other] = [open(), open()];
  tab.begin(issue());
  tab.actAs('borrowed', 20_000);
  assert.deepEqual([await tab.accessToken(), await other.accessToken()], ['borrowed', 'access-1']);
  hub.now = 20_000;
  assert.equal(await tab.accessToken(), 'access-1');
  tab.actAs('refused', 40_000);
  assert.equal(await tab.renew('refused'), true);
  assert.equal(await tab.accessToken(), 'access-1');
  tab.actAs('again', 50_000);
  tab.actAsOneself();
  assert.equal(await tab.accessToken(), 'access-1');
});
