import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply } from '../redaction/apply.ts';
import { compilePolicies } from './compile.ts';
import { decide } from './decide.ts';
import type { Policy } from './policy.ts';

const policy = (some: Partial<Policy>): Policy => ({
  id: 'pol_1',
  name: 'A policy',
  reason: 'A reason.',
  enabled: true,
  detectors: ['email'],
  directions: ['call'],
  servers: null,
  action: { type: 'redact', style: 'label' },
  ...some,
});

function judge(policies: readonly Policy[], json: string, layer: 'hub' | 'workstation' = 'hub') {
  const raw = Buffer.from(json);
  const compiled = compilePolicies(policies, layer).forMessage(null, 'call');
  assert.ok(compiled);
  const decision = decide(compiled, compiled.inspector.inspect(raw), raw);
  return { ...decision, delivered: apply(raw, decision.edits).toString() };
}

const mask = { type: 'redact', style: 'mask' } as const;
const refuse = { type: 'refuse' } as const;

test('nothing found is nothing changed', () => {
  const { edits, refusal } = judge([policy({})], '{"a":"b"}');
  assert.deepEqual({ edits, refusal }, { edits: [], refusal: null });
});

test('a label names the detector, and the edit says who asked for it and why', () => {
  const { edits, delivered } = judge([policy({})], '{"to":"Ada <ada@example.com>"}', 'workstation');
  assert.equal(delivered, '{"to":"Ada <[redacted:email]>"}');
  assert.deepEqual(edits, [
    {
      start: 12,
      end: 27,
      replacement: '[redacted:email]',
      layer: 'workstation',
      policy: 'pol_1',
      reason: 'A reason.',
      detector: 'email',
    },
  ]);
});

test('a mask has as many characters as a reader saw, however they were written', () => {
  const masked = (json: string) => judge([policy({ action: mask })], json).delivered;
  assert.equal(masked('["ada@example.com"]'), '["***************"]');
  assert.equal(masked('["\\u0061da\\u0040example.com"]'), '["***************"]');
  assert.equal(masked('["ädå@example.com"]'), '["***************"]');
});

test('a number becomes a string', () => {
  const json = '{"pan":4111111111111111,"n":12}';
  assert.equal(judge([policy({ detectors: ['cards'] })], json).delivered, '{"pan":"[redacted:payment-card]","n":12}');
  assert.equal(
    judge([policy({ detectors: ['cards'], action: mask })], json).delivered,
    '{"pan":"****************","n":12}',
  );
});

test('keys are redacted and stay unique', () => {
  const json = '{"a@b.co":1,"c@d.co":2,"[redacted:email]":3}';
  assert.equal(
    judge([policy({})], json).delivered,
    '{"[redacted:email]-2":1,"[redacted:email]-3":2,"[redacted:email]":3}',
  );
});

test('refusing outranks redacting, and names the policy in its own words', () => {
  const policies = [
    policy({}),
    policy({ id: 'pol_2', detectors: ['cards'], action: refuse, reason: 'No cards, please.' }),
    policy({ id: 'pol_3', action: refuse }),
  ];
  const { edits, refusal } = judge(policies, '["a@b.co","4111111111111111"]');
  assert.deepEqual(refusal, { code: 'refused_by_policy', reason: 'No cards, please.', policy: 'pol_2' });
  assert.deepEqual(edits, []);
});

test('a policy without a reason is named instead', () => {
  assert.equal(judge([policy({ reason: ' ', action: refuse })], '["a@b.co"]').refusal?.reason, 'A policy');
});

test('a policy acts on its own detectors only', () => {
  const policies = [policy({ detectors: ['email'] }), policy({ id: 'pol_2', detectors: ['jwt'], action: refuse })];
  assert.equal(judge(policies, '["a@b.co"]').refusal, null);
});

test('what several detectors saw becomes one edit with the surest name', () => {
  const token = `ghp_${'aB3dE6gH9jK2'.repeat(3)}`;
  const { edits, delivered } = judge([policy({ detectors: ['secrets'] })], JSON.stringify({ api_key: token }));
  assert.equal(delivered, '{"api_key":"[redacted:github-token]"}');
  assert.equal(edits.length, 1);
});

test('of two policies for the same, a label wins over a mask, then the first', () => {
  const json = '["a@b.co"]';
  const [masked, labelled] = [policy({ action: mask }), policy({ id: 'pol_2' })];
  assert.deepEqual(
    judge([masked, labelled], json).edits.map(({ policy: by }) => by),
    ['pol_2'],
  );
  assert.deepEqual(
    judge([labelled, policy({ id: 'pol_3' })], json).edits.map(({ policy: by }) => by),
    ['pol_2'],
  );
});
