import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../failure.ts';
import { compilePolicies } from './compile.ts';
import type { Policy } from './policy.ts';

const policy = (some: Partial<Policy>): Policy => ({
  id: 'pol_1',
  name: 'A policy',
  reason: 'A reason.',
  enabled: true,
  detectors: ['secrets'],
  directions: ['call', 'result'],
  servers: null,
  action: { type: 'redact', style: 'label' },
  ...some,
});
const names = (some: ReturnType<ReturnType<typeof compilePolicies>['forMessage']>) =>
  some?.policies.map(({ policy: { id } }) => id) ?? null;

test('where nothing applies the answer is null', () => {
  const set = compilePolicies([
    policy({ enabled: false }),
    policy({ directions: ['result'] }),
    policy({ servers: ['srv_a'] }),
  ]);
  assert.equal(set.forMessage('srv_b', 'call'), null);
  assert.equal(compilePolicies([]).forMessage(null, 'result'), null);
});

test('each server and direction gets the policies of its scope, in their order', () => {
  const set = compilePolicies([
    policy({ id: 'pol_all', directions: ['call'] }),
    policy({ id: 'pol_a', servers: ['srv_a'] }),
    policy({ id: 'pol_b', servers: ['srv_a', 'srv_b'], directions: ['result'] }),
  ]);
  assert.deepEqual(names(set.forMessage('srv_a', 'call')), ['pol_all', 'pol_a']);
  assert.deepEqual(names(set.forMessage('srv_a', 'result')), ['pol_a', 'pol_b']);
  assert.deepEqual(names(set.forMessage('srv_b', 'result')), ['pol_b']);
  assert.deepEqual(names(set.forMessage('srv_c', 'call')), ['pol_all']);
  assert.equal(set.forMessage('srv_c', 'result'), null);
});

test('a message for no one server is left to the policies of all servers', () => {
  const set = compilePolicies([policy({ id: 'pol_all' }), policy({ id: 'pol_a', servers: ['srv_a'] })]);
  assert.deepEqual(names(set.forMessage(null, 'call')), ['pol_all']);
});

test('the same scope is compiled once', () => {
  const set = compilePolicies([policy({}), policy({ servers: ['srv_a'], detectors: ['jwt'] })]);
  assert.equal(set.forMessage('srv_a', 'call'), set.forMessage('srv_a', 'call'));
  assert.equal(set.forMessage('srv_x', 'call'), set.forMessage('srv_y', 'call'));
  assert.equal(set.forMessage('srv_a', 'call')?.inspector, set.forMessage('srv_a', 'result')?.inspector);
});

test('the inspector looks for what the policies name and for nothing else', () => {
  const set = compilePolicies([policy({ detectors: ['email', 'npm-token'] })]);
  assert.deepEqual(set.forMessage(null, 'call')?.inspector.detectors, ['npm-token', 'email']);
});

test('an unknown detector fails with the policy and the known names', () => {
  assert.throws(
    () => compilePolicies([policy({ name: 'Mine', detectors: ['email', 'telepathy'], enabled: false })]),
    (error) =>
      error instanceof Failure &&
      error.code === 'invalid_params' &&
      /“Mine”.*“telepathy”.*aws-access-key/.test(error.message) &&
      error.details?.['policy'] === 'pol_1',
  );
});
