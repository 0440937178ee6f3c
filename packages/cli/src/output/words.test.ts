import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteSize, count, duration, relativeTime } from './words.ts';

test('times are said from where one stands', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  const said = (at: string): string => relativeTime(at, now);
  assert.equal(said('2026-11-20T11:59:55Z'), 'just now');
  assert.equal(said('2026-11-20T11:59:15Z'), '45 s ago');
  assert.equal(said('2026-11-20T11:00:00Z'), '1 h ago');
  assert.equal(said('2026-11-18T11:00:00Z'), '2 days ago');
  assert.equal(said('2026-11-20T12:30:00Z'), 'in 30 min');
  assert.equal(relativeTime(null, now), 'never');
});

test('amounts carry their unit', () => {
  assert.deepEqual([840, 12_400, 3_100_000].map(duration), ['840 µs', '12.4 ms', '3.1 s']);
  assert.deepEqual([999, 1500, 2_500_000].map(byteSize), ['999 B', '1.5 kB', '2.5 MB']);
  assert.deepEqual([count(1, 'tool'), count(2, 'tool')], ['1 tool', '2 tools']);
});
