import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exceededText, limitHeaders } from './exceeded.ts';
import { countedWith, isCounted, type Limit, type Use } from './limit.ts';
import { busyAfter, paceOf, periodOf, quotaAt, rateAt } from './meter.ts';

const limit: Limit = {
  id: 'lim_1',
  name: 'Calls',
  subject: { type: 'organization', id: null },
  server: null,
  tools: null,
  calls: 10,
  per: 'second',
  burst: null,
  enabled: true,
};

test('a rate lets through what a bucket would that is refilled at its pace', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (steps, calls, burst) => {
      const pace = paceOf({ calls, per: 'second', burst });
      assert.ok(pace !== null);
      let now = 1_000_000;
      let busyUntil = 0;
      // In units of a thousandth of `calls`, so that the model counts in whole numbers.
      let bucket = burst * 1000;
      for (const step of steps) {
        now += step;
        bucket = Math.min(burst * 1000, bucket + step * calls);
        const standing = rateAt(pace, busyUntil, now);
        assert.equal(standing.left, Math.floor(bucket / 1000));
        assert.equal(standing.left >= 1, standing.wait === 0);
        if (standing.left < 1) {
          assert.equal(rateAt(pace, busyUntil, now + Math.ceil(standing.wait)).left >= 1, true, 'room after the wait');
          continue;
        }
        busyUntil = busyAfter(pace, busyUntil, now, 1);
        bucket -= 1000;
      }
    }),
  );
});

test('a quota is of its day or month in UTC, and is there again when that is over', () => {
  const at = Date.parse('2026-02-28T23:59:59.000Z');
  assert.deepEqual([periodOf('day', at), periodOf('month', at)], ['2026-02-28', '2026-02']);
  assert.deepEqual(quotaAt(5, 'day', 5, at), { most: 5, left: 0, wait: 1000, full: 1000, window: 86_400_000 });
  assert.deepEqual(quotaAt(5, 'month', 4, at), { most: 5, left: 1, wait: 0, full: 1000, window: 28 * 86_400_000 });
  assert.equal(quotaAt(5, 'day', 9, at).left, 0);
  assert.ok(periodOf('month', at) < periodOf('month', at + 1000));
});

test('a limit counts together what it is of, and nothing else', () => {
  const use: Use = {
    caller: { member: 'mem_1', teams: ['team_1', 'team_2'], token: 'tok_1' },
    server: 'srv_1',
    tool: 'read',
  };
  const table: readonly (readonly [Partial<Limit>, readonly string[]])[] = [
    [{}, ['all']],
    [{ enabled: false }, []],
    [{ server: 'srv_1' }, ['all']],
    [{ server: 'srv_2' }, []],
    [{ tools: ['read'] }, ['all']],
    [{ tools: ['write'] }, []],
    [{ subject: { type: 'member', id: null } }, ['mem_1']],
    [{ subject: { type: 'member', id: 'mem_2' } }, []],
    [{ subject: { type: 'token', id: null } }, ['tok_1']],
    [{ subject: { type: 'token', id: 'tok_2' } }, []],
    [{ subject: { type: 'team', id: null } }, ['team_1', 'team_2']],
    [{ subject: { type: 'team', id: 'team_2' } }, ['team_2']],
    [{ subject: { type: 'team', id: 'team_3' } }, []],
  ];
  for (const [more, expected] of table) assert.deepEqual(countedWith({ ...limit, ...more }, use), expected);
  assert.deepEqual(countedWith({ ...limit, tools: ['read'] }, { ...use, tool: null }), []);
  const signedIn = { ...use, caller: { ...use.caller, token: null } };
  assert.deepEqual(countedWith({ ...limit, subject: { type: 'token', id: null } }, signedIn), []);
  assert.deepEqual(['tools/call', 'tools/list', 'ping', null].map(isCounted), [true, false, false, false]);
});

test('headers say how limits stand after the call, and how long to wait where there is no room', () => {
  const pace = paceOf({ ...limit, burst: 5 });
  assert.ok(pace !== null);
  const open = { limit, standing: rateAt(pace, 0, 0) };
  assert.deepEqual(limitHeaders([open], true), [
    ['ratelimit-policy', '"lim_1";q=5;w=1'],
    ['ratelimit', '"lim_1";r=4;t=0'],
  ]);
  const closed = { limit: { ...limit, per: 'day' as const }, standing: quotaAt(10, 'day', 10, 86_400_000 - 1500) };
  assert.deepEqual(limitHeaders([open, closed], false), [
    ['ratelimit-policy', '"lim_1";q=5;w=1, "lim_1";q=10;w=86400'],
    ['ratelimit', '"lim_1";r=5;t=0, "lim_1";r=0;t=2'],
    ['retry-after', '2'],
  ]);
  assert.equal(exceededText(closed), 'the limit “Calls” allows 10 calls a day; try again in 2 seconds');
  const slow = { limit: { ...limit, calls: 1, per: 'hour' as const }, standing: { ...open.standing, wait: 3_500_000 } };
  assert.equal(exceededText(slow), 'the limit “Calls” allows 1 call an hour; try again in 59 minutes');
});
