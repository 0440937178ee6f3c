import assert from 'node:assert/strict';
import test from 'node:test';
import { drift, median, ratio } from './statistics.ts';

test('a median is not moved by one outlier', () => {
  assert.equal(median([3, 900, 1]), 3);
  assert.equal(median([4, 2]), 3);
  assert.ok(Number.isNaN(median([])));
});

test('ratios are taken between neighbours', () => {
  // Twice as slow in a calm round, in a noisy one, and in one that was noisy for one of the two only.
  assert.equal(ratio([20, 200, 20], [10, 100, 80]), 2);
});

test('drift compares the end with the beginning', () => {
  assert.ok(Math.abs(drift([100, 100, 130, 90, 104, 96, 108, 120, 110, 110]) - 0.1) < 1e-9);
  assert.equal(drift([100, 100]), 0);
});
