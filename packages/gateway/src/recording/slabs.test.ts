import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Place, Slabs } from './slabs.ts';

test('bytes stay as they were until they are freed, whatever comes and goes beside them', () => {
  const step = fc.record({ size: fc.integer({ min: 0, max: 400_000 }), free: fc.option(fc.nat(20), { nil: null }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const slabs = new Slabs();
      const kept: { place: Place; fill: number; size: number }[] = [];
      for (const [at, { size, free }] of steps.entries()) {
        const fill = at + 1;
        kept.push({ place: slabs.keep(Buffer.alloc(size, fill)), fill, size });
        if (free !== null) for (const { place } of kept.splice(free % kept.length, 1)) place.free();
        for (const { place, fill: expected, size: length } of kept) {
          assert.equal(place.bytes.length, length);
          assert.ok(place.bytes.every((byte) => byte === expected));
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('memory that was freed is used again', () => {
  const slabs = new Slabs();
  const memories = new Set<ArrayBufferLike>();
  for (let turn = 0; turn < 1000; turn++) {
    const place = slabs.keep(Buffer.alloc(10_000));
    memories.add(place.bytes.buffer);
    place.free();
  }
  assert.ok(memories.size <= 2);
});
