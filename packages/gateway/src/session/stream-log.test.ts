import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventId, readEventId, StreamLog, unaskedStream } from './stream-log.ts';

const minute = 60_000;

function said(log: StreamLog, stream: number, after = 0): string[] | null {
  return log.after(stream, after)?.events.map(({ data }) => data.toString()) ?? null;
}

test('what came after an event is given again, in order and with its number', () => {
  const log = new StreamLog(1000);
  const stream = log.open();
  const numbers = ['a', 'b', 'c'].map((text) => log.append(stream, Buffer.from(text)).number);
  assert.deepEqual(numbers, [1, 2, 3]);
  assert.deepEqual(said(log, stream), ['a', 'b', 'c']);
  assert.deepEqual(said(log, stream, 2), ['c']);
  assert.deepEqual(said(log, stream, 3), []);
  assert.deepEqual(said(log, stream, 99), []);
});

test('streams do not hear of each other, and the one for what comes unasked is there from the beginning', () => {
  const log = new StreamLog(1000);
  const [one, two] = [log.open(), log.open()];
  log.append(one, Buffer.from('one'));
  log.append(unaskedStream, Buffer.from('news'));
  assert.deepEqual([said(log, one), said(log, two), said(log, unaskedStream)], [['one'], [], ['news']]);
  assert.equal(said(log, 77), null);
});

test('a stream that has ended says so, takes nothing more, and is forgotten after a while', () => {
  const log = new StreamLog(1000);
  const stream = log.open();
  log.append(stream, Buffer.from('last'));
  log.close(stream, 0);
  assert.equal(log.after(stream, 0)?.closed, true);
  assert.throws(() => log.append(stream, Buffer.from('more')), /not open/);
  log.sweep(5 * minute);
  assert.deepEqual(said(log, stream), ['last']);
  log.sweep(5 * minute + 1);
  assert.equal(said(log, stream), null);
});

test('of streams that have ended only the latest are kept', () => {
  const log = new StreamLog(10_000);
  const streams = Array.from({ length: 70 }, () => log.open());
  for (const stream of streams) log.close(stream, 0);
  assert.deepEqual(streams.map((stream) => said(log, stream) === null).lastIndexOf(true), 5);
});

test('whatever is said, no more than the bound is kept, and ended streams go first', () => {
  const step = fc.record({ stream: fc.nat(4), bytes: fc.nat(30), closes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(100), (steps, limit) => {
      const log = new StreamLog(limit);
      const open = Array.from({ length: 5 }, () => log.open());
      const all = [...open];
      for (const { stream, bytes, closes } of steps) {
        const at = open[stream] ?? 0;
        log.append(at, Buffer.alloc(bytes, 'x'));
        if (closes) {
          log.close(at, 0);
          open[stream] = log.open();
          all.push(open[stream] ?? 0);
        }
        const kept = all.flatMap((each) => log.after(each, 0)?.events ?? []);
        assert.ok(kept.reduce((sum, { data }) => sum + data.length, 0) <= limit);
        for (const each of open) assert.notEqual(log.after(each, 0), null, 'a stream that goes on is never forgotten');
      }
    }),
  );
  const log = new StreamLog(10);
  const [done, going] = [log.open(), log.open()];
  log.append(done, Buffer.from('12345'));
  log.append(going, Buffer.from('12345'));
  log.close(done, 0);
  log.append(going, Buffer.from('6'));
  assert.deepEqual([said(log, done), said(log, going)], [null, ['12345', '6']]);
});

test('an event id is read as what it was made from, and nothing else is one', () => {
  fc.assert(
    fc.property(fc.nat(999_999_999), fc.nat(999_999_999), (stream, number) =>
      assert.deepEqual(readEventId(eventId(stream, number)), { stream, number }),
    ),
  );
  for (const odd of ['', '1', '1-', '-1', '1-2-3', 'a-b', '1.5-2', ' 1-2', '1-2\n', `${'9'.repeat(20)}-1`])
    assert.equal(readEventId(odd), null, odd);
});
