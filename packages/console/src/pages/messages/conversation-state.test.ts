import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stateAt } from './conversation-state.ts';

const step = (method: string, outcome = 'answered', redactions = 0, labels: string[] = []) => ({
  ...{ method, outcome, redactions, labels },
});
const steps = [step('initialize'), step('tools/call', 'answered', 2, ['private']), step('tools/call', 'refused')];

test('a conversation’s state grows with its steps', () => {
  assert.deepEqual(stateAt(steps, 0), { calls: 0, refusals: 0, edited: 0, labels: [] });
  assert.deepEqual(stateAt(steps, 1), { calls: 1, refusals: 0, edited: 1, labels: ['private'] });
  assert.deepEqual(stateAt(steps, 2), { calls: 2, refusals: 1, edited: 1, labels: ['private'] });
});
