import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PolicyDraft, policyProblems } from './validate.ts';

const draft: PolicyDraft = {
  name: 'No secrets',
  reason: 'They belong in the vault.',
  enabled: true,
  detectors: ['secrets', 'email'],
  directions: ['call'],
  servers: null,
  action: { type: 'refuse' },
};
const fields = (some: Partial<PolicyDraft>) => policyProblems({ ...draft, ...some }).map(({ field }) => field);

test('a whole draft has no problems', () => {
  assert.deepEqual(policyProblems(draft), []);
});

test('each problem names its field', () => {
  assert.deepEqual(fields({ name: ' ' }), ['name']);
  assert.deepEqual(fields({ name: 'x'.repeat(121) }), ['name']);
  assert.deepEqual(fields({ reason: '' }), ['reason']);
  assert.deepEqual(fields({ reason: 'x'.repeat(501) }), ['reason']);
  assert.deepEqual(fields({ detectors: [] }), ['detectors']);
  assert.deepEqual(fields({ directions: [] }), ['directions']);
  assert.deepEqual(fields({ servers: [] }), ['servers']);
  assert.deepEqual(fields({ name: '', reason: '', detectors: [], directions: [], servers: [] }), [
    'name',
    'reason',
    'detectors',
    'directions',
    'servers',
  ]);
});

test('an unknown detector is named, with those that are known', () => {
  const [only] = policyProblems({ ...draft, detectors: ['email', 'telepathy'] });
  assert.match(only?.problem ?? '', /“telepathy”/);
  assert.match(only?.fix ?? '', /secrets, cards, email, personal, network, injection, aws-access-key/);
});
