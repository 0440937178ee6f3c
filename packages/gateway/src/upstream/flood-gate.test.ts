import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FloodGate } from './flood-gate.ts';

function gateAt() {
  const clock = { millis: 0, now: () => clock.millis, micros: () => clock.millis * 1000 };
  return { clock, gate: new FloodGate(clock) };
}

test('a thousand messages a second pass, more are dropped, and many more shut the gate for the rest of the second', () => {
  const { clock, gate } = gateAt();
  const counts = { passes: 0, dropped: 0, shut: 0 };
  for (let message = 0; message < 6_000; message++) counts[gate.take(100, 0)]++;
  assert.deepEqual(counts, { passes: 1_000, dropped: 4_000, shut: 1_000 });
  clock.millis = 400;
  assert.equal(gate.shutFor, 600);
  clock.millis = 1_000;
  assert.equal(gate.take(100, 0), 'passes');
  assert.equal(gate.dropped, 5_000);
});

test('who serves many may say more, and nobody may say gigabytes', () => {
  const { gate } = gateAt();
  for (let message = 0; message < 3_000; message++) assert.equal(gate.take(100, 100), 'passes');
  assert.equal(gate.take(100, 100), 'dropped');
  assert.equal(gateAt().gate.take(65 * 1024 * 1024, 100), 'shut');
});
