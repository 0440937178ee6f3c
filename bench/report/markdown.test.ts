import assert from 'node:assert/strict';
import test from 'node:test';
import { markdown } from './markdown.ts';

const machine = {
  processors: 2,
  model: 'a chip',
  memoryGiB: 8,
  kernel: '6.1',
  node: 'v26',
  loadBefore: 0.5,
  stolen: 0,
};
const calm = { calls: 10, p50: 1, p95: 2, p99: 3, errors: 0, firstError: null };

test('a comparison shows ratios to its first row and to the reference', () => {
  const text = markdown(machine, [
    {
      kind: 'compared',
      name: 'http-100B-c1',
      loopDelay: { p50: 0.1, p99: 2, max: 9 },
      contenders: [
        { name: 'direct', slices: [{ ...calm, perSecond: 1000, cost: null }] },
        {
          name: 'bare proxy',
          slices: [{ ...calm, perSecond: 500, cost: { main: 40, database: 0, helpers: 0, sum: 40 } }],
        },
        { name: 'hub', slices: [{ ...calm, perSecond: 250, cost: { main: 60, database: 10, helpers: 0, sum: 70 } }] },
      ],
    },
  ]);
  const [cells] = text.split('\n').filter((line) => line.startsWith('| hub'));
  assert.deepEqual(
    cells
      ?.split('|')
      .map((cell) => cell.trim())
      .filter(Boolean),
    ['hub', '250', '0.25', '1.00', '3.00', '70.0', '10.0', '1.75', '1.50', '0'],
  );
  assert.match(text, /late by 0\.1 ms \(median\), 2\.0 ms/);
});

test('what went wrong is said', () => {
  const slices = [{ ...calm, perSecond: 1, cost: null, errors: 2, firstError: 'HTTP 502' }];
  const text = markdown(machine, [
    { kind: 'compared', name: 'x', loopDelay: null, contenders: [{ name: 'hub', slices }] },
  ]);
  assert.match(text, /first error: HTTP 502/);
  assert.match(text, /x: errors +\| at most 0 +\| 2 +\| missed/);
});
