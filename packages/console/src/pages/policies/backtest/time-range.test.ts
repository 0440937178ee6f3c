import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localTime, rangeOf } from './time-range.ts';

const now = Date.UTC(2026, 5, 1, 12);

test('a span reaches back from now, and takes in what is just recorded', () => {
  assert.deepEqual(rangeOf('60', '', '', now), { from: '2026-06-01T11:00:00.000Z', to: '2026-06-01T12:01:00.000Z' });
});

test('a range of one’s own is read as local time, and must go forward', () => {
  const own = rangeOf('own', localTime(now - 3_600_000), localTime(now), now);
  assert.deepEqual(own, { from: '2026-06-01T11:00:00.000Z', to: '2026-06-01T12:00:00.000Z' });
  assert.equal(rangeOf('own', localTime(now), localTime(now), now), null);
  assert.equal(rangeOf('own', '', localTime(now), now), null);
});
