import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CallerBaseline, newCallerBaseline, observe } from './caller-baseline.ts';
import type { Observation } from './observation.ts';

const dayMs = 86_400_000;
const call = (at: number, some: Partial<Observation> = {}): Observation => ({
  at,
  server: 'files',
  tool: 'read',
  sends: false,
  failed: false,
  argumentBytes: 60,
  resultBytes: 2_000,
  shape: 'path',
  destinations: [],
  ...some,
});

/** Twenty days of ten calls in the morning, of two tools on one server; then messages to a colleague. */
function worker(days = 20): CallerBaseline {
  const baseline = newCallerBaseline();
  for (let day = 0; day < days; day++)
    for (let at = 0; at < 10; at++) {
      const when = day * dayMs + 9 * 3_600_000 + at * 60_000;
      assert.equal(observe(baseline, call(when, { tool: at % 2 === 0 ? 'read' : 'list' })), null);
    }
  return baseline;
}
const morning = (day: number, minute = 0) => day * dayMs + 9 * 3_600_000 + minute * 60_000;

test('use as always is not told', () => {
  const baseline = worker();
  for (let at = 0; at < 10; at++) assert.equal(observe(baseline, call(morning(21, at))), null);
});

test('a burst is told once, with what is usual, before it is over', () => {
  const baseline = worker();
  const told = Array.from({ length: 400 }, (_, at) => observe(baseline, call(morning(21) + at * 1_000)));
  const first = told.findIndex((one) => one !== null);
  assert.ok(first > 20 && first < 200, `${first}`);
  assert.ok(told.filter((one) => one !== null).length <= 2);
  const [reason] = told[first]?.reasons ?? [];
  assert.equal(reason?.kind, 'rate');
  assert.match(reason.text, /^\d+ calls in ten minutes, where 10 are usual$/);
});

test('a flood teaches next to nothing: the same burst is told on the next days as well', () => {
  const baseline = worker();
  for (let day = 21; day < 28; day++) {
    const told = Array.from({ length: 600 }, (_, at) => observe(baseline, call(morning(day) + at * 900)));
    assert.ok(
      told.some((one) => one !== null),
      `day ${day}`,
    );
  }
});

test('something read here and sent elsewhere, to a new address, by a new tool, at night, says all of that', () => {
  const baseline = worker();
  const night = 21 * dayMs + 2 * 3_600_000;
  assert.equal(observe(baseline, call(night)), null);
  const told = observe(
    baseline,
    call(night + 60_000, { server: 'mail', tool: 'send', sends: true, shape: 'body to', destinations: ['d1'] }),
  );
  const kinds = told?.reasons.map(({ kind }) => kind) ?? [];
  assert.ok(kinds.includes('hours') && kinds.includes('leak') && kinds.includes('destination'), kinds.join());
  assert.ok(!JSON.stringify(told).includes('d1'), 'no address is repeated');
});

test('nothing is told of somebody of whom little is known', () => {
  const baseline = worker(3);
  for (let at = 0; at < 500; at++) assert.equal(observe(baseline, call(morning(4) + at * 500)), null);
});

test('what becomes a habit is not told any more', () => {
  const baseline = worker();
  for (let day = 21; day < 27; day++)
    observe(
      baseline,
      call(morning(day), { server: 'mail', tool: 'send', sends: true, shape: 'to', destinations: ['d1'] }),
    );
  const bits = (some: CallerBaseline) =>
    Object.values(some.spell?.reasons ?? {}).reduce((sum, reason) => sum + (reason?.bits ?? 0), 0);
  const fresh = worker();
  const sent = { server: 'mail', tool: 'send', sends: true, shape: 'to', destinations: ['d1'] };
  observe(baseline, call(morning(28), sent));
  observe(fresh, call(morning(28), sent));
  assert.ok(bits(baseline) < bits(fresh) / 2);
});

test('a baseline is JSON, stays bounded, and goes on where it was stored', () => {
  const word = fc.string({ maxLength: 8 });
  const seen = fc.record({
    step: fc.nat(4 * 3_600_000),
    server: word,
    tool: fc.oneof(word, fc.constantFrom('__proto__', 'constructor', 'toString')),
    sends: fc.boolean(),
    failed: fc.boolean(),
    argumentBytes: fc.nat(100_000),
    resultBytes: fc.nat(100_000),
    shape: word,
    destinations: fc.array(word, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 60 }), (all) => {
      const kept = newCallerBaseline();
      let stored = newCallerBaseline();
      let at = 0;
      for (const { step, ...one } of all) {
        at += step;
        stored = JSON.parse(JSON.stringify(stored)) as CallerBaseline;
        assert.deepEqual(observe(stored, { ...one, at }), observe(kept, { ...one, at }));
      }
      assert.deepEqual(JSON.parse(JSON.stringify(stored)), JSON.parse(JSON.stringify(kept)));
    }),
    { numRuns: 50 },
  );
  const wide = newCallerBaseline();
  for (let day = 0; day < 30; day++)
    for (let at = 0; at < 1_000; at++)
      observe(
        wide,
        call(day * dayMs + at, { tool: `t${day}-${at}`, shape: `s${at}`, destinations: [`d${day}-${at}`] }),
      );
  assert.ok(JSON.stringify(wide).length < 600_000, `${JSON.stringify(wide).length}`);
});
