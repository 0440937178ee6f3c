import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Listed, Roster } from './roster.ts';

test('a roster holds those who came and did not go, each once', () => {
  const comings = fc.array(fc.record({ who: fc.nat(7), comes: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(comings, (steps) => {
      const people: Listed[] = Array.from({ length: 8 }, () => ({ place: -1 }));
      const roster = new Roster<Listed>();
      const model = new Set<Listed>();
      for (const { who, comes } of steps) {
        const person = people[who];
        if (person === undefined) continue;
        if (comes) {
          roster.add(person);
          model.add(person);
        } else {
          roster.delete(person);
          model.delete(person);
        }
        assert.equal(roster.size, model.size);
        assert.deepEqual(new Set(roster.all()), model);
      }
    }),
  );
});

test('who leaves while all are gone through stays in what was answered before', () => {
  const people: Listed[] = Array.from({ length: 3 }, () => ({ place: -1 }));
  const roster = new Roster<Listed>();
  for (const person of people) roster.add(person);
  const seen = roster.all();
  for (const person of seen) roster.delete(person);
  assert.equal(seen.length, 3);
  assert.equal(roster.size, 0);
});
