import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Definition } from '../policy-words.ts';
import type { Checked } from '../use-policy-draft.ts';
import { importPlan } from './import-plan.ts';

const said = (name: string, more: object = {}) => ({
  name,
  reason: 'r',
  scope: { servers: null, tools: ['a'] },
  ...more,
});
const checked = (...policies: object[]) => ({ policies, problems: [] }) as unknown as Checked;
const fine = (name: string, more: object = {}) => ({
  ...{ name, problems: [], tests: [] },
  draft: { ...said(name, more), note: '', source: null },
});
const there = (name: string) =>
  ({
    ...said(name),
    scope: { tools: ['a'], servers: null },
    id: `pol_${name}`,
    version: 3,
    source: 'x',
  }) as unknown as Definition;
const does = (plan: ReturnType<typeof importPlan>) => plan.map(({ name, does: step }) => [name, step]);

test('what is new is added, what differs is changed, what says the same is left alone', () => {
  const plan = importPlan(
    checked(fine('A'), fine('B', { reason: 'other' }), fine('C')),
    [there('B'), there('C'), there('D')],
    false,
  );
  assert.deepEqual(does(plan), [
    ['A', 'add'],
    ['B', 'change'],
    ['C', 'keep'],
  ]);
});

test('with pruning, what the text does not name goes', () => {
  assert.deepEqual(does(importPlan(checked(fine('A')), [there('A'), there('B')], true)), [
    ['A', 'keep'],
    ['B', 'remove'],
  ]);
});

test('what cannot be saved is told with its first problem', () => {
  const problem = {
    path: 'x',
    problem: 'It is wrong.',
    fix: '',
    isWarning: false,
    place: { start: 0, end: 1, line: 4, column: 1 },
  };
  const failing = { ...fine('B'), tests: [{ name: 't', failure: 'expected edited', place: null }] };
  const plan = importPlan(checked({ ...fine('A'), draft: null, problems: [problem] }, failing), [], false);
  assert.deepEqual(
    plan.map(({ does: step, problem: why }) => [step, why]),
    [
      ['wrong', 'Line 4: It is wrong.'],
      ['wrong', 'The test “t” fails: expected edited.'],
    ],
  );
});
