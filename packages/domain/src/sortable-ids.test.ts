import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSortableIds } from './sortable-ids.ts';

function idsAt(times: () => number) {
  return createSortableIds({ now: times, micros: () => 0 }, { bytes: (length) => randomBytes(length) });
}

test('ids sort in the order they were made, within a millisecond and across', () => {
  let now = 1_800_000_000_000;
  const ids = idsAt(() => now);
  const made = Array.from({ length: 3000 }, (_, index) => {
    if (index % 7 === 0) now += index % 3;
    return ids.next('msg');
  });
  assert.deepEqual([...made].sort(), made);
  assert.equal(new Set(made).size, made.length);
  assert.match(made[0] ?? '', /^msg_[0-9a-z]{26}$/);
});

test('a clock that goes back makes no id that sorts before the last one', () => {
  const times = [2000, 1000, 1500];
  const ids = idsAt(() => times.shift() ?? 3000);
  const made = [ids.next('srv'), ids.next('srv'), ids.next('srv'), ids.next('srv')];
  assert.deepEqual([...made].sort(), made);
});

test('counting up carries over from digit to digit', () => {
  const ids = createSortableIds(
    { now: () => 1, micros: () => 0 },
    { bytes: (length) => new Uint8Array(length).fill(31) },
  );
  const first = ids.next('x');
  const second = ids.next('x');
  assert.equal(first, `x_0000000001f${'z'.repeat(15)}`);
  assert.equal(second, `x_0000000001g${'0'.repeat(15)}`);
});
