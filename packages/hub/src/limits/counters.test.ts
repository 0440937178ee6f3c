import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limit } from '@mcpvault/domain/limits/limit';
import fc from 'fast-check';
import { createCounters } from './counters.ts';

const rate: Limit = {
  id: 'lim_1',
  name: 'Calls',
  subject: { type: 'organization', id: null },
  server: null,
  tools: null,
  calls: 100,
  per: 'second',
  burst: 20,
  enabled: true,
};
const quota: Limit = { ...rate, id: 'lim_2', calls: 50, per: 'day', burst: null };

/** The database's part, on a clock of its own. */
function ledger(clock: { time: number }) {
  const rates = new Map<string, number>();
  const quotas = new Map<string, { period: string; used: number }>();
  return {
    settle(counters: ReturnType<typeof createCounters>): void {
      const told = counters.untold();
      counters.heard(
        told.rates.map(({ organization, key, calls, each, age }) => {
          const until = Math.max(rates.get(key) ?? 0, clock.time - age) + calls * each;
          rates.set(key, until);
          return { organization, key, ahead: Math.max(0, until - clock.time) };
        }),
        told.quotas.map(({ organization, key, period, calls }) => {
          const before = quotas.get(key);
          const used = calls + (before?.period === period ? before.used : 0);
          quotas.set(key, { period, used });
          return { organization, key, period, used };
        }),
      );
    },
  };
}

function hub(clock: { time: number }, skew: number) {
  return createCounters({ now: () => clock.time + skew, micros: () => 0 });
}

for (const limit of [rate, quota]) {
  test(`hubs that settle let pass no more of a ${limit === rate ? 'rate' : 'quota'} than it allows and each hub’s share of a moment`, () => {
    const nodes = 3;
    fc.assert(
      fc.property(
        fc.array(fc.record({ node: fc.nat(nodes - 1), wait: fc.nat(5) }), { minLength: 50, maxLength: 400 }),
        (calls) => {
          const clock = { time: 1_000_000 };
          const database = ledger(clock);
          // Their clocks differ by less than a day's end is away.
          const hubs = [hub(clock, 0), hub(clock, 5_000), hub(clock, -5_000)];
          const began = clock.time;
          let passed = 0;
          let settledAt = clock.time;
          let betweenSettlements = 0;
          let mostBetween = 0;
          for (const { node, wait } of calls) {
            clock.time += wait;
            const at = hubs[node];
            if (at !== undefined && at.standing('org_1', limit, 'all').left >= 1) {
              at.take('org_1', limit, 'all');
              passed += 1;
              betweenSettlements += 1;
            }
            if (clock.time - settledAt < 50) continue;
            settledAt = clock.time;
            mostBetween = Math.max(mostBetween, betweenSettlements);
            betweenSettlements = 0;
            for (const each of hubs) database.settle(each);
          }
          const span = clock.time - began;
          const allowed = limit === rate ? 20 + span / 10 : 50;
          mostBetween = Math.max(mostBetween, betweenSettlements);
          assert.ok(passed <= allowed + (nodes - 1) * mostBetween + 1, `${passed} passed, ${allowed} were allowed`);
        },
      ),
    );
  });
}

test('what could not be told is told the next time', () => {
  const clock = { time: 1_000_000 };
  const counters = hub(clock, 0);
  for (let at = 0; at < 3; at++) counters.take('org_1', quota, 'all');
  const first = counters.untold();
  assert.deepEqual(
    first.quotas.map(({ calls }) => calls),
    [3],
  );
  counters.take('org_1', quota, 'all');
  counters.notTold(first.rates, first.quotas);
  assert.deepEqual(
    counters.untold().quotas.map(({ calls }) => calls),
    [4],
  );
  assert.deepEqual(
    counters.untold().quotas.map(({ calls }) => calls),
    [0],
    'what was used lately is asked after',
  );
  clock.time += 61_000;
  counters.untold();
  assert.deepEqual([counters.untold(), counters.isInUse], [{ rates: [], quotas: [] }, false]);
});

test('a quota begins anew with its day, and a rate is worked off', () => {
  const clock = { time: Date.parse('2026-11-21T23:59:59Z') };
  const counters = hub(clock, 0);
  for (let at = 0; at < 50; at++) counters.take('org_1', quota, 'all');
  for (let at = 0; at < 20; at++) counters.take('org_1', rate, 'all');
  assert.deepEqual(
    [counters.standing('org_1', quota, 'all').left, counters.standing('org_1', rate, 'all').left],
    [0, 0],
  );
  assert.equal(counters.standing('org_2', quota, 'all').left, 50, 'organizations have their own');
  clock.time += 1000;
  assert.deepEqual(
    [counters.standing('org_1', quota, 'all').left, counters.standing('org_1', rate, 'all').left],
    [50, 20],
  );
});
