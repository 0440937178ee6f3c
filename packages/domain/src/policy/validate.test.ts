import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completePolicy } from './complete-policy.ts';
import { type PolicyDraft, policyProblems } from './validate.ts';

const draft: PolicyDraft = completePolicy({
  id: 'pol_1',
  name: 'No secrets',
  reason: 'They belong in the vault.',
  detectors: ['secrets', 'email'],
  directions: ['call'],
  actions: [{ type: 'refuse' }],
});
const fields = (some: Partial<PolicyDraft>) => policyProblems({ ...draft, ...some }).map(({ field }) => field);

test('a whole draft has no problems', () => {
  assert.deepEqual(policyProblems(draft), []);
});

test('each problem names its field', () => {
  assert.deepEqual(fields({ name: ' ' }), ['name']);
  assert.deepEqual(fields({ name: 'x'.repeat(121) }), ['name']);
  assert.deepEqual(fields({ reason: '' }), ['reason']);
  assert.deepEqual(fields({ reason: 'x'.repeat(501) }), ['reason']);
  assert.deepEqual(fields({ actions: [] }), ['actions']);
  assert.deepEqual(fields({ percentage: 101 }), ['percentage']);
  assert.deepEqual(fields({ threshold: 2 }), ['threshold']);
  assert.deepEqual(fields({ condition: 'tool.nam == "x"' }), ['condition']);
  assert.deepEqual(fields({ directions: [] }), ['directions']);
  assert.deepEqual(fields({ scope: { ...draft.scope, servers: [] } }), ['scope']);
  assert.deepEqual(fields({ name: '', reason: '', actions: [], directions: [], detectors: ['x'] }), [
    'name',
    'reason',
    'directions',
    'detectors',
    'actions',
  ]);
});

test('an unknown detector is named, with those that are known', () => {
  const [only] = policyProblems({ ...draft, detectors: ['email', 'telepathy'] });
  assert.match(only?.problem ?? '', /“telepathy”/);
  assert.match(only?.fix ?? '', /secrets, cards, email, personal, network, injection, structure, aws-access-key/);
});

test('actions that could not do anything are named', () => {
  const problem = (some: Partial<PolicyDraft>) => policyProblems({ ...draft, ...some })[0]?.problem ?? '';
  assert.match(problem({ detectors: [], actions: [{ type: 'redact', style: 'label' }] }), /nothing to redact/);
  assert.match(problem({ actions: [{ type: 'redact', style: 'replace' }] }), /needs a text/);
  assert.match(problem({ actions: [{ type: 'notice', text: 'x' }] }), /Only results/);
  assert.match(problem({ directions: ['result'], actions: [{ type: 'hold' }] }), /Only calls can be held/);
  assert.match(problem({ actions: [{ type: 'set', argument: 'limit', value: 1 }] }), /no place in the arguments/);
  assert.match(problem({ actions: [{ type: 'tag', tags: ['two words'] }] }), /is no tag/);
  assert.match(problem({ actions: [{ type: 'refuse', code: 'Not OK' }] }), /is no code/);
  assert.match(problem({ actions: [{ type: 'quarantine', what: 'tool', minutes: 0 }] }), /whole number/);
  assert.match(problem({ actions: [{ type: 'quarantine', what: 'member' }] }), /suspended for a time/);
  assert.match(problem({ actions: [{ type: 'quarantine', what: 'token', minutes: 20_000 }] }), /suspended for a time/);
});

test('a condition that reads findings needs detectors', () => {
  const condition = 'findings.exists(f, f.confidence > 0.9)';
  assert.deepEqual(fields({ condition }), []);
  assert.deepEqual(fields({ condition, detectors: [] }), ['condition']);
});

test('the place of what is wrong with a condition is told', () => {
  const [problem] = policyProblems({ ...draft, condition: 'true &&\n  nobody == 1' });
  assert.deepEqual(problem?.place, { start: 10, end: 16, line: 2, column: 3 });
});

test('what stops everything is warned of, and can be saved', () => {
  const [warning] = policyProblems({ ...draft, detectors: [] });
  assert.equal(warning?.isWarning, true);
  assert.deepEqual(fields({ detectors: [], condition: 'tool.destructive' }), []);
  assert.deepEqual(fields({ detectors: [], scope: { ...draft.scope, tools: ['drop'] } }), []);
});

test('a test that states what conditions do not know is named', () => {
  const given = { values: { caller: { rol: 'admin' }, moon: 'full' } };
  const problems = policyProblems({ ...draft, tests: [{ name: 'A', given, expect: { outcome: 'refused' } }] });
  assert.match(problems[0]?.problem ?? '', /“caller.rol”/);
  assert.match(problems[1]?.problem ?? '', /“moon”/);
});
