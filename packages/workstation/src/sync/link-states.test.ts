import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LinkEvent, linkEvents, type LinkState, linkStates, linkTable, nextState } from './link-states.ts';

const states = Object.keys(linkStates) as LinkState[];
const events = Object.keys(linkEvents) as LinkEvent[];

test('every state knows what every event means for it', () => {
  for (const state of states) {
    for (const event of events) {
      const next = linkTable[state][event];
      assert.ok(next === 'refused' || states.includes(next), `${state} ${event}`);
    }
  }
});

test('what is found in the file wins in every state', () => {
  for (const state of states) {
    assert.equal(nextState(state, 'found-direct'), 'unmanaged');
    assert.equal(nextState(state, 'found-bridged'), 'managed');
    assert.equal(nextState(state, 'found-absent'), 'gone');
  }
});

test('an entry that was never written cannot have been changed since', () => {
  assert.equal(nextState('unmanaged', 'found-other'), 'unmanaged');
  assert.equal(nextState('pending-adopt', 'found-other'), 'unmanaged');
  assert.equal(nextState('managed', 'found-other'), 'changed');
  assert.equal(nextState('pending-revert', 'found-other'), 'changed');
});

test('only what is planned can be written or dropped, and dropping it is as if it had never been planned', () => {
  for (const state of states) {
    const isPlanned = state === 'pending-adopt' || state === 'pending-revert';
    assert.equal(nextState(state, 'push') !== 'refused', isPlanned, state);
    assert.equal(nextState(state, 'discard') !== 'refused', isPlanned, state);
  }
  for (const [from, plan] of [
    ['unmanaged', 'plan-adopt'],
    ['managed', 'plan-revert'],
  ] as const) {
    const planned = nextState(from, plan);
    assert.ok(planned !== 'refused');
    assert.equal(nextState(planned, 'discard'), from);
  }
});

test('planning twice is planning once, and planning back and forth ends where it began', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...states),
      fc.array(fc.constantFrom<LinkEvent>('plan-adopt', 'plan-revert')),
      (start, plans) => {
        let state = start;
        for (const plan of plans) {
          const next = nextState(state, plan);
          if (next === 'refused') continue;
          assert.equal(nextState(next, plan) === 'refused' ? next : nextState(next, plan), next);
          state = next;
        }
        // However it was planned: one write settles it.
        const settled = nextState(state, 'push');
        if (settled !== 'refused') assert.ok(['managed', 'unmanaged'].includes(settled));
      },
    ),
  );
});
