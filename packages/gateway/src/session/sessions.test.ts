import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import { testSettings } from '../testing/compose.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { fakeAmbient, fakeClock } from '../upstream/process/fixtures/pool-deps.ts';
import { Conversation } from './conversation.ts';
import type { Endpoint } from './endpoint.ts';
import { createSessions, type Session } from './sessions.ts';
import type { Underway } from './underways.ts';

function room(own: Partial<typeof testSettings> = {}) {
  const clock = fakeClock();
  const ambient = fakeAmbient(clock);
  let ids = 0;
  const host = createMemoryHost({ ...ambient, random: { bytes: (length) => new Uint8Array(length).fill(++ids) } });
  const sessions = createSessions(host, { ...testSettings, ...own });
  const closed: string[] = [];
  const dropped: string[] = [];

  function open(member = 'ada', endpoint = 'files'): Session {
    const conversation = new Conversation(`con_${member}`, 'legacy', endpoint, callerOf(member), {
      clock,
      resumeBytes: 100,
    });
    const stands: Endpoint = {
      request() {},
      notification: () => null,
      listen: (ready) => ready(),
      drop: (server) => void dropped.push(server),
      close: () => void closed.push(member),
    };
    const session = sessions.open(conversation, stands);
    if (session instanceof Failure) throw session;
    return session;
  }
  return { clock, sessions, open, closed, dropped };
}

function callerOf(member: string): Caller {
  const { permissions } = builtInRoles.member;
  return {
    organization: 'org_1',
    member: `mem_${member}`,
    email: '',
    role: 'member',
    permissions,
    teams: [],
    token: null,
  };
}

const call: Underway = { cancel() {}, withdraw() {}, fail() {} };

test('a session is found by its own member at its own endpoint, and by nobody else', () => {
  const { sessions, open } = room();
  const { id } = open('ada', 'files');
  assert.equal(sessions.find(id, callerOf('ada'), 'files')?.id, id);
  assert.equal(sessions.find(id, callerOf('bob'), 'files'), null);
  assert.equal(sessions.find(id, callerOf('ada'), 'other'), null);
  assert.equal(sessions.find(id, callerOf('ada'), null), null);
  assert.equal(sessions.find(`${id}x`, callerOf('ada'), 'files'), null);
});

test('a session knows its member as of the latest message', () => {
  const { sessions, open } = room();
  const { id, conversation } = open();
  sessions.find(id, { ...callerOf('ada'), role: 'admin' }, 'files');
  assert.equal(conversation.caller.role, 'admin');
});

test('ids cannot be guessed from each other, and hold only what may stand in a header', () => {
  const { open } = room();
  const ids = [open(), open(), open()].map(({ id }) => id);
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.match(id, /^[\x21-\x7e]{32}$/);
});

test('an idle session ends; one that is used, listens or waits for an answer does not', () => {
  const { clock, sessions, open, closed } = room({ sessionIdle: 10_000 });
  const [idle, used, busy] = [open('idle'), open('used'), open('busy')];
  busy.conversation.calls.add(1, call);
  clock.forward(10_001);
  sessions.find(used.id, callerOf('used'), 'files');
  sessions.sweep(clock.now());
  assert.deepEqual(closed, ['idle']);
  assert.equal(sessions.find(idle.id, callerOf('idle'), 'files'), null);
  assert.equal(sessions.count(), 2);
});

test('every session hears of the gateway once in a quarter of a minute, and not all at the same moment', () => {
  const { clock, sessions, open } = room({ maxSessionsPerMember: 100 });
  const beats = new Map<string, number>();
  for (let at = 0; at < 60; at++) {
    const { id, conversation } = open();
    conversation.beat = () => void beats.set(id, (beats.get(id) ?? 0) + 1);
  }
  const heardAt = () => [...beats.values()].reduce((sum, each) => sum + each, 0);
  sessions.sweep(clock.now());
  let most = 0;
  for (let second = 0; second < 60; second++) {
    const before = heardAt();
    clock.forward(1000);
    sessions.sweep(clock.now());
    most = Math.max(most, heardAt() - before);
  }
  assert.deepEqual([...new Set(beats.values())], [5]);
  assert.ok(most < 30, `${most} at once`);
  clock.forward(600_000);
  sessions.sweep(clock.now());
  assert.deepEqual([...new Set(beats.values())], [6], 'one is enough after a long pause');
});

test('each member has so many sessions at most; one that ends makes room, once', () => {
  const { sessions, open } = room({ maxSessionsPerMember: 2 });
  const first = open('ada');
  open('ada');
  open('bob');
  assert.throws(() => open('ada'), { code: 'busy' });
  first.conversation.end('done');
  first.conversation.end('done again');
  open('ada');
  assert.throws(() => open('ada'), { code: 'busy' });
  assert.equal(sessions.count(), 3);
});

test('when a session ends, its calls hear why and its endpoint is closed', () => {
  const { sessions, open, closed } = room();
  const heard: string[] = [];
  const listening: Underway = {
    ...call,
    cancel: (why) => void heard.push(`cancelled: ${why}`),
    fail: ({ message }) => void heard.push(`failed: ${message}`),
  };
  const [left, lost] = [open('left'), open('lost')];
  for (const { conversation } of [left, lost]) for (const id of [1, 'two', 3]) conversation.calls.add(id, listening);
  left.conversation.end('the client left');
  lost.conversation.end(new Failure('upstream_unavailable', 'it crashed'));
  assert.deepEqual(heard, [...Array(3).fill('cancelled: the client left'), ...Array(3).fill('failed: it crashed')]);
  assert.deepEqual(closed, ['left', 'lost']);
  assert.equal(sessions.count(), 0);
});

test('all sessions hear of a server that is gone, and all end with the hub', () => {
  const { sessions, open, dropped, closed } = room();
  open('ada');
  open('bob');
  sessions.drop('srv_1', 'retired');
  assert.deepEqual(dropped, ['srv_1', 'srv_1']);
  sessions.endAll('the hub is stopping');
  assert.deepEqual(closed, ['ada', 'bob']);
});

test('a question that nobody answers is taken back after a while, and there are so many at most', () => {
  const { clock, open } = room();
  const { conversation } = open();
  const unanswered: string[] = [];
  const asked = (at: number) => ({ at, unanswered: (why: string) => void unanswered.push(why) }) as never;
  for (let id = 0; id < 100; id++) assert.equal(conversation.ask(id, asked(clock.now())), true);
  assert.equal(conversation.ask(100, asked(clock.now())), false);
  clock.forward(600_000);
  conversation.sweep(clock.now() - 1);
  assert.equal(unanswered.length, 0);
  conversation.sweep(clock.now());
  assert.equal(unanswered.length, 100);
  assert.equal(conversation.isAsked, false);
});
