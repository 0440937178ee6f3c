import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingLine, exitCode, fromRunner, none, sum } from './counts.ts';

test('the closing line sums all suites', () => {
  const total = sum([
    { passed: 3, failed: 1, skipped: 0 },
    { passed: 4, failed: 0, skipped: 2 },
  ]);
  assert.equal(closingLine(total), '7 passed, 1 failed, 2 skipped');
});

test('the sum of no suites is none', () => {
  assert.deepEqual(sum([]), none);
});

test('a cancelled test counts as failed and one still to do as skipped', () => {
  assert.deepEqual(fromRunner({ passed: 5, failed: 1, cancelled: 2, skipped: 3, todo: 4 }), {
    passed: 5,
    failed: 3,
    skipped: 7,
  });
});

test('a run fails when anything failed or nothing passed', () => {
  assert.equal(exitCode({ passed: 1, failed: 0, skipped: 0 }, false), 0);
  assert.equal(exitCode({ passed: 9, failed: 1, skipped: 0 }, false), 1);
  assert.equal(exitCode(none, false), 1);
});

test('a skipped test fails the run in CI only', () => {
  assert.equal(exitCode({ passed: 9, failed: 0, skipped: 1 }, false), 0);
  assert.equal(exitCode({ passed: 9, failed: 0, skipped: 1 }, true), 1);
});
