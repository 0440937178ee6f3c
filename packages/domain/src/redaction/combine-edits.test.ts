import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { PolicyId } from '../ids.ts';
import { combineEdits } from './combine-edits.ts';
import type { Edit } from './edit.ts';

const edit = (start: number, end: number, some: Partial<Edit> = {}): Edit => ({
  start,
  end,
  replacement: `${start}-${end}`,
  layer: 'hub',
  policy: 'pol_1' satisfies PolicyId,
  reason: 'a test',
  detector: 'email',
  ...some,
});

test('edits apart from each other come back in order', () => {
  const [first, second, third] = [edit(1, 3), edit(3, 5), edit(9, 9)];
  assert.deepEqual(combineEdits([third, second, first]), [first, second, third]);
});

test('of two that overlap the hub’s replaces what either covers', () => {
  const hub = edit(4, 8);
  const workstation = edit(0, 6, { layer: 'workstation' });
  assert.deepEqual(combineEdits([workstation, hub]), [{ ...hub, start: 0, end: 8 }]);
});

test('of two of one layer the longer wins, of two alike the first', () => {
  assert.equal(combineEdits([edit(4, 8), edit(0, 6)])[0]?.replacement, '0-6');
  const [one, other] = [edit(0, 6, { replacement: 'one' }), edit(0, 6, { replacement: 'other' })];
  assert.deepEqual(combineEdits([one, other]), [one]);
});

test('a policy’s edit wins over one of the gateway itself', () => {
  const own = edit(0, 9, { policy: null, detector: null });
  assert.equal(combineEdits([own, edit(4, 12)])[0]?.replacement, '4-12');
});

test('an element that is cut out is gone with everything in it, whichever layer cut it', () => {
  const cut = edit(0, 40, { policy: null, detector: null, replacement: '', layer: 'workstation' });
  assert.deepEqual(combineEdits([edit(4, 8), cut, edit(20, 30)]), [cut]);
});

test('a chain of overlaps becomes one edit', () => {
  const [only, ...rest] = combineEdits([edit(0, 4), edit(8, 12), edit(3, 9)]);
  assert.deepEqual([only?.start, only?.end, rest], [0, 12, []]);
});

test('the result is ascending, disjoint, and covers exactly what the edits cover', () => {
  const span = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 9 }));
  const random = fc
    .tuple(span, fc.constantFrom('hub' as const, 'workstation' as const))
    .map(([[start, length], layer]) => edit(start, start + length, { layer }));
  fc.assert(
    fc.property(fc.array(random, { maxLength: 12 }), (edits) => {
      const covered = (some: readonly Edit[]) =>
        new Set(some.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index)));
      const combined = combineEdits(edits);
      assert.deepEqual(covered(combined), covered(edits));
      let from = 0;
      for (const { start, end } of combined) {
        assert.ok(from <= start && start < end);
        from = end;
      }
      assert.deepEqual(combineEdits(combined), combined);
    }),
  );
});
