import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { messageOf } from './message-fixture.ts';
import { arrive, emptyTail, joined, mostArrivals, pause, resume, skip, type Tail } from './message-tail.ts';

const ids = (tail: Pick<Tail, 'shown'>) => tail.shown.map((message) => message.id);

test('arrivals come first, newest first, whatever their order', () => {
  const tail = arrive(arrive(emptyTail, [messageOf(1)]), [messageOf(3), messageOf(2)]);
  assert.deepEqual(ids(tail), ['msg_000003', 'msg_000002', 'msg_000001']);
});

test('while paused the list stands still and arrivals are counted; resuming shows them all', () => {
  const before = arrive(emptyTail, [messageOf(1)]);
  const paused = arrive(arrive(pause(before), [messageOf(2)]), [messageOf(3), messageOf(2)]);
  assert.deepEqual(ids(paused), ['msg_000001']);
  assert.equal(paused.aside.length, 2);
  const after = resume(paused);
  assert.deepEqual(ids(after), ['msg_000003', 'msg_000002', 'msg_000001']);
  assert.equal(after.aside.length, 0);
});

test('nothing is shown twice or lost, however arrivals, pauses and pages mix', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('arrive' as const), numbers: fc.array(fc.nat(60), { maxLength: 6 }) }),
    fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const), numbers: fc.constant<number[]>([]) }),
  );
  fc.assert(
    fc.property(fc.array(step), fc.uniqueArray(fc.nat(60)), (steps, pageNumbers) => {
      let tail = emptyTail;
      const seen = new Set<string>();
      for (const one of steps) {
        if (one.do === 'pause') tail = pause(tail);
        else if (one.do === 'resume') tail = resume(tail);
        else {
          const arrivals = one.numbers.map((n) => messageOf(n));
          for (const { id } of arrivals) seen.add(id);
          tail = arrive(tail, arrivals);
        }
      }
      tail = resume(tail);
      const sorted = [...seen].sort().reverse();
      assert.deepEqual(ids(tail), sorted);
      const pages = pageNumbers.sort((a, b) => b - a).map((n) => messageOf(n));
      const all = joined(tail.shown, pages).map((message) => message.id);
      assert.deepEqual(all, [...new Set(all)].sort().reverse());
      for (const page of pages) assert.ok(all.includes(page.id));
    }),
  );
});

test('arrivals older than the pages read so far wait for their page', () => {
  const all = joined([messageOf(1), messageOf(9)], [messageOf(8), messageOf(5)]);
  assert.deepEqual(ids({ shown: all }), ['msg_000009', 'msg_000008', 'msg_000005']);
});

test('the browser keeps a bounded number of arrivals', () => {
  const many = Array.from({ length: mostArrivals + 50 }, (_, n) => messageOf(n));
  const tail = arrive(emptyTail, many);
  assert.equal(tail.shown.length, mostArrivals);
  assert.equal(tail.shown[0]?.id, messageOf(mostArrivals + 49).id);
});

test('what the feed left out is counted', () => {
  assert.equal(skip(skip(emptyTail, 2), 3).skipped, 5);
});
