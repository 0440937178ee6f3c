import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { testSettings } from '../testing/compose.ts';
import { DuplexLink } from './duplex-link.ts';
import type { CallSink, Listener } from './link.ts';
import { Pendings } from './pendings.ts';
import { Shelf } from './shelf.ts';
import type { Wire, WireEvents } from './wire.ts';

class FakeWire implements Wire {
  readonly sent: { id?: number; method?: string; params?: Record<string, unknown> }[] = [];
  readonly events: WireEvents;
  paused = false;
  closed = false;

  constructor(events: WireEvents) {
    this.events = events;
  }

  send(message: Buffer, taken: () => void): void {
    this.sent.push(JSON.parse(message.toString()));
    queueMicrotask(taken);
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  close(): void {
    this.closed = true;
  }
  say(message: object): void {
    this.events.message(Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message })));
  }
}

class Sink implements CallSink {
  readonly got: unknown[] = [];
  room = true;
  related(message: Message): void {
    this.got.push(message.json);
  }
  answer(message: Message): void {
    this.got.push(message.json);
  }
  fail(failure: Failure): void {
    this.got.push(failure.code);
  }
  hasRoom(): boolean {
    return this.room;
  }
  onRoom(resume: () => void): void {
    this.resume = resume;
  }
  resume: () => void = () => undefined;
}

const log = { debug() {}, info() {}, warn() {}, error() {} };
const nobody: Listener = { unsolicited() {}, lost() {} };

function linkTo(listener: Listener = nobody) {
  const made: FakeWire[] = [];
  const traffic = { waiting: 0 };
  const link = new DuplexLink({
    server: 's',
    listener,
    log,
    settings: testSettings,
    traffic,
    pendings: new Pendings(),
    open(events) {
      const wire = new FakeWire(events);
      made.push(wire);
      return wire;
    },
    onClose() {},
  });
  const [wire] = made;
  assert.ok(wire);
  return { link, wire, traffic };
}

const message = (value: object): Message =>
  parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...value })), { maxDepth: 100, check: 'strict' });
const request = (id: string | number, params: object = {}) => ({
  message: message({ id, method: 'tools/call', params }),
  edits: [],
});

test('two requests under the same id of different askers get each their own answer, under their own id', () => {
  const { link, wire, traffic } = linkTo();
  const [first, second] = [new Sink(), new Sink()];
  link.call(request('a'), null, first);
  link.call(request('a'), null, second);
  assert.equal(traffic.waiting, 2);
  const [one, two] = wire.sent.map(({ id }) => id);
  assert.notEqual(one, two);
  wire.say({ id: two, result: { n: 2 } });
  wire.say({ id: two, result: { n: 'again' } });
  wire.say({ id: 'a', result: { n: 'forged' } });
  wire.say({ id: one, result: { n: 1 } });
  assert.deepEqual(first.got, [{ jsonrpc: '2.0', id: 'a', result: { n: 1 } }]);
  assert.deepEqual(second.got, [{ jsonrpc: '2.0', id: 'a', result: { n: 2 } }]);
  assert.equal(traffic.waiting, 0);
});

test('progress finds its call under the client’s own token; a token of nobody’s reaches nobody', () => {
  const { link, wire } = linkTo();
  const [first, second] = [new Sink(), new Sink()];
  link.call(request(1, { _meta: { progressToken: 'mine' } }), null, first);
  link.call(request(2), null, second);
  const progress = (progressToken: unknown) =>
    wire.say({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
  progress(wire.sent[0]?.id);
  for (const stranger of ['mine', 0, null, { a: 1 }]) progress(stranger);
  assert.deepEqual(first.got, [
    { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'mine', progress: 1 } },
  ]);
  assert.deepEqual(second.got, []);
});

test('a cancelled call is cancelled at the server under the id that the server knows', () => {
  const { link, wire, traffic } = linkTo();
  const sink = new Sink();
  link.call(request('a'), null, sink).cancel('enough');
  const [asked, told] = wire.sent;
  assert.deepEqual(told?.params, { requestId: asked?.id, reason: 'enough' });
  wire.say({ id: asked?.id, result: {} });
  assert.deepEqual(sink.got, []);
  assert.equal(traffic.waiting, 0);
});

test('while a client does not read, its server is not read either', () => {
  const { link, wire } = linkTo();
  const sink = new Sink();
  link.call(request('a'), null, sink);
  sink.room = false;
  wire.say({ method: 'notifications/message', params: {} });
  assert.equal(wire.paused, true);
  sink.resume();
  assert.equal(wire.paused, false);
});

test('a connection that is lost fails what waits, tells its listener once, and is nobody’s afterwards', () => {
  const lost: string[] = [];
  const { link, wire, traffic } = linkTo({
    unsolicited: () => undefined,
    lost: (failure, forgotten) => lost.push(`${failure.code} ${forgotten}`),
  });
  const sink = new Sink();
  link.call(request('a'), null, sink);
  wire.events.lost(new Failure('upstream_unavailable', 'gone'));
  wire.events.lost(new Failure('upstream_unavailable', 'gone'));
  wire.say({ id: wire.sent[0]?.id, result: {} });
  link.close();
  assert.deepEqual(sink.got, ['upstream_unavailable']);
  assert.deepEqual(lost, ['upstream_unavailable true']);
  assert.equal(traffic.waiting, 0);
});

test('connections that lie on the shelf are used again by the same key only, and a late answer finds nobody', () => {
  const shelf = new Shelf();
  const wires: FakeWire[] = [];
  const open = (events: WireEvents): Wire => {
    const wire = new FakeWire(events);
    wires.push(wire);
    return wire;
  };
  const take = (key: string): DuplexLink => {
    const wire = shelf.take(key, open);
    const shared = { server: 's', listener: nobody, log, settings: testSettings, traffic: { waiting: 0 } };
    return new DuplexLink({ ...shared, pendings: wire.pendings, open: (events) => wire.serve(events), onClose() {} });
  };
  const [early, late] = [new Sink(), new Sink()];
  const first = take('ana');
  first.call(request('a'), null, early);
  first.close();
  take('bob').close();
  assert.equal(wires.length, 2);
  const again = take('ana');
  assert.equal(wires.length, 2);
  again.call(request('b'), null, late);
  const [wire] = wires;
  wire?.say({ id: wire.sent[0]?.id, result: { whose: 'early' } });
  wire?.say({ id: wire.sent.at(-1)?.id, result: { whose: 'late' } });
  assert.deepEqual(early.got, []);
  assert.deepEqual(late.got, [{ jsonrpc: '2.0', id: 'b', result: { whose: 'late' } }]);
  wire?.events.lost(new Failure('upstream_unavailable', 'gone'));
  again.close();
  take('ana').close();
  assert.equal(wires.length, 3, 'what was lost is not used again');
  shelf.close();
  assert.ok(wires.slice(1).every(({ closed }) => closed));
});
