import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, byteSize, clock, count, counted, duration } from './format.ts';

test('durations choose the unit that reads best', () => {
  assert.deepEqual([0, 840, 3240, 45_600, 1_250_000, 12_340_000, 125_000_000].map(duration), [
    '0 µs',
    '840 µs',
    '3.2 ms',
    '46 ms',
    '1.25 s',
    '12.3 s',
    '2 min 5 s',
  ]);
});

test('sizes choose the unit that reads best', () => {
  assert.deepEqual([0, 999, 1000, 12_345, 999_499, 999_500, 16_000_000].map(byteSize), [
    '0 B',
    '999 B',
    '1.0 KB',
    '12 KB',
    '999 KB',
    '1.0 MB',
    '16 MB',
  ]);
});

test('counts are grouped, and large ones shortened', () => {
  assert.deepEqual([0, 1204, 99_999, 120_400, 3_440_000].map(count), ['0', '1,204', '99,999', '120K', '3.44M']);
  assert.equal(counted(1, 'reply', 'replies'), '1 reply');
  assert.equal(counted(2, 'server'), '2 servers');
});

test('times are told by their distance, in both directions', () => {
  const now = Date.UTC(2026, 0, 10);
  const after = (seconds: number) => ago(now + seconds * 1000, now);
  assert.deepEqual([-3, 20, -50, -300, -5400, -90_000, -400 * 86_400, 3 * 86_400].map(after), [
    'just now',
    'in a moment',
    '1 minute ago',
    '5 minutes ago',
    '1 hour ago',
    '1 day ago',
    '1 year ago',
    'in 3 days',
  ]);
});

test('a clock time has milliseconds', () => {
  assert.equal(clock(new Date(2026, 0, 10, 4, 3, 9, 7)), '04:03:09.007');
});
