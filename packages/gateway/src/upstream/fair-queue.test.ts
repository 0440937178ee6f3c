import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FairQueue } from './fair-queue.ts';

test('owners take turns, and each one’s own keep their order', () => {
  const queue = new FairQueue<string>();
  for (const [owner, entry] of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'].map((each) => [each[0] ?? '', each] as const)) {
    queue.add(owner, entry);
  }
  const taken = Array.from({ length: 6 }, () => queue.take());
  assert.deepEqual(taken, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  assert.equal(queue.take(), null);
});

test('what is taken out leaves the others in their order', () => {
  const queue = new FairQueue<number>();
  for (let entry = 1; entry <= 6; entry++) queue.add(entry % 2 === 0 ? 'even' : 'odd', entry);
  assert.deepEqual(queue.takeAll((entry) => entry > 2 && entry < 5).toSorted(), [3, 4]);
  assert.equal(
    queue.some((entry) => entry === 3),
    false,
  );
  assert.deepEqual([queue.size, queue.take(), queue.take(), queue.take(), queue.take()], [4, 1, 2, 5, 6]);
});

test('whoever asks for one thing never waits for more than one of each other owner', () => {
  const owners = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 });
  fc.assert(
    fc.property(owners, (before) => {
      const queue = new FairQueue<string>();
      for (const owner of before) queue.add(owner, owner);
      queue.add('d', 'd');
      const place = Array.from({ length: queue.size }, () => queue.take()).indexOf('d');
      assert.ok(place <= new Set(before).size);
      assert.equal(queue.size, 0);
    }),
  );
});
