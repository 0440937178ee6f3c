import assert from 'node:assert/strict';
import test from 'node:test';
import type { Slice } from '../measure/compare.ts';
import { targetsOf } from './targets.ts';

function slice(perSecond: number, main: number, database = 0): Slice {
  const cost = { main, database, helpers: 0, sum: main + database };
  return { calls: 1, perSecond, p50: 1, p95: 1, p99: 1, cost, errors: 0, firstError: null };
}

test('the hub is held to its bounds with and without its database', () => {
  const targets = targetsOf([
    {
      kind: 'compared',
      name: 'http-100B-c32',
      loopDelay: null,
      processes: 0,
      contenders: [
        { name: 'direct', slices: [slice(1000, 0)] },
        { name: 'bare proxy', slices: [slice(500, 40)] },
        { name: 'hub', slices: [slice(270, 70, 20)] },
      ],
    },
  ]);
  assert.deepEqual(
    targets.map(({ what, got, met }) => [what, Math.round(got * 100) / 100, met]),
    [
      ['http-100B-c32: processor time a call, over bare proxy', 2.25, false],
      ["http-100B-c32: processor time a call, over bare proxy, the hub's process alone", 1.75, true],
      ['http-100B-c32: calls a second, over direct', 0.27, false],
      ['http-100B-c32: errors', 0, true],
    ],
  );
});

test('one error breaks its promise', () => {
  const broken = { ...slice(270, 70), errors: 1 };
  const contenders = [{ name: 'hub', slices: [slice(1, 1), broken] }];
  const [target] = targetsOf([{ kind: 'compared', name: 'http-1MB-c4', loopDelay: null, processes: 0, contenders }]);
  assert.equal(target?.met, false);
});

test('the hub against itself is compared like with like', () => {
  const contenders = [
    { name: 'one token', slices: [slice(1, 60, 20)] },
    { name: '200 tokens', slices: [slice(1, 62, 20)] },
  ];
  const targets = targetsOf([{ kind: 'compared', name: 'tokens-200', loopDelay: null, processes: 0, contenders }]);
  assert.deepEqual(
    targets.map(({ got, met }) => [Math.round(got * 1000) / 1000, met]),
    [
      [1.025, true],
      [1.033, true],
    ],
  );
});

test('memory is held to its bounds', () => {
  const cost = { main: 1, database: 1, helpers: 0, sum: 2 };
  const each = { openedEach: 99, wholeEach: 99, leftEach: 99, cost };
  const held = { kind: 'held', name: 'x', sessions: 10_000, ...each, idle: 0, errors: 0 } as const;
  const met = (mainEach: number, streams: boolean) => targetsOf([{ ...held, mainEach, streams }])[0]?.met;
  assert.deepEqual([met(9, false), met(11, false), met(19, true), met(21, true)], [true, false, true, false]);
  const drifted = targetsOf([
    {
      kind: 'drift',
      name: 'drift',
      minutes: 10,
      calls: 1,
      errors: 0,
      cost,
      main: [100, 100, 100, 100, 115],
      whole: [],
    },
  ]);
  assert.equal(drifted[0]?.met, false);
});
