import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Pendings } from './pendings.ts';

test('each is found under its own id until it is taken, and never after', () => {
  const steps = fc.array(fc.record({ adds: fc.boolean(), which: fc.nat(), twice: fc.boolean() }), { maxLength: 80 });
  fc.assert(
    fc.property(steps, (all) => {
      const pendings = new Pendings<string>();
      const model = new Map<number, string>();
      const gone: number[] = [];
      for (const [at, { adds, which, twice }] of all.entries()) {
        const ids = [...model.keys()];
        if (adds || ids.length === 0) {
          const id = pendings.add(`entry ${at}`);
          assert.ok(Number.isSafeInteger(id) && !model.has(id) && !gone.includes(id), 'an id is new');
          model.set(id, `entry ${at}`);
        } else {
          const id = ids[which % ids.length] ?? 0;
          assert.equal(pendings.take(id), model.get(id));
          if (twice) assert.equal(pendings.take(id), null);
          model.delete(id);
          gone.push(id);
        }
        assert.equal(pendings.size, model.size);
        assert.deepEqual(pendings.all(), [...model], 'in the order in which they came');
        for (const id of gone) assert.equal(pendings.get(id), null);
      }
    }),
  );
});

test('numbers that were never given find nobody', () => {
  const pendings = new Pendings<string>();
  pendings.add('somebody');
  for (const id of [0, 1, -1, 0.5, 2 ** 20 - 1, 2 ** 21, Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(pendings.get(id), null, String(id));
});
