import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BackOff, maxQuickEnds, stableAfter } from './back-off.ts';
import { fakeClock } from './fixtures/pool-deps.ts';

describe('back-off', () => {
  test('doubles the wait from half a second to thirty, then gives up', () => {
    const clock = fakeClock();
    const backOff = new BackOff(clock);
    const waits: (number | null)[] = [];
    for (let i = 0; i < maxQuickEnds; i++) {
      backOff.ended('it', 'it ended', 0, false);
      const wait = backOff.held('it')?.waitMs ?? null;
      waits.push(wait);
      if (wait !== null) clock.forward(wait);
      if (wait !== null) assert.equal(backOff.held('it'), null);
    }
    assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, null]);
    clock.forward(365 * 24 * 3_600_000);
    assert.deepEqual(backOff.held('it'), { reason: 'it ended', ends: maxQuickEnds, waitMs: null });
  });

  test('may forgive the first end, and only that', () => {
    const backOff = new BackOff(fakeClock());
    backOff.ended('it', 'it ended', 0, true);
    assert.equal(backOff.held('it'), null);
    backOff.ended('it', 'it ended', 0, true);
    assert.equal(backOff.held('it')?.waitMs, 500);
    backOff.ended('it', 'it ended', 0, true);
    assert.equal(backOff.held('it')?.waitMs, 1_000);
  });

  test('starts anew after one that had lived long', () => {
    const backOff = new BackOff(fakeClock());
    for (let i = 0; i < 5; i++) backOff.ended('it', 'it ended', stableAfter - 1, false);
    assert.equal(backOff.held('it')?.waitMs, 8_000);
    backOff.ended('it', 'it ended', stableAfter, false);
    assert.equal(backOff.held('it')?.waitMs, 500);
  });

  test('forgets one thing, or all that begin alike', () => {
    const backOff = new BackOff(fakeClock());
    for (const what of ['srv_1 a', 'srv_1 b', 'srv_10 a']) backOff.ended(what, 'it ended', 0, false);
    backOff.forget('srv_1 a');
    assert.equal(backOff.held('srv_1 a'), null);
    backOff.forgetAll('srv_1 ');
    assert.equal(backOff.held('srv_1 b'), null);
    assert.notEqual(backOff.held('srv_10 a'), null);
  });
});
