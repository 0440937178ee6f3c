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
      processes: 1,
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
    ['hub', '250', '0.25', '1.00', '3.00', '60.0', '10.0', '70.0', '1.50', '1.75', '0'],
  );
  assert.match(text, /late by 0\.1 ms \(median\), 2\.0 ms/);
  assert.match(text, /processes of the stdio server: 1/);
});

test('what went wrong is said', () => {
  const slices = [{ ...calm, perSecond: 1, cost: null, errors: 2, firstError: 'HTTP 502' }];
  const text = markdown(machine, [
    { kind: 'compared', name: 'x', loopDelay: null, processes: 0, contenders: [{ name: 'hub', slices }] },
    { kind: 'failed', name: 'y', why: 'the hub ended' },
  ]);
  assert.match(text, /first error: HTTP 502/);
  assert.match(text, /x: errors +\| at most 0 +\| 2 +\| missed/);
  assert.match(text, /### y\n\nfailed: the hub ended/);
  assert.match(text, /y: measured +\| at least 1 +\| 0 +\| missed/);
});
