import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../failure.ts';
import type { ServerId } from '../ids.ts';
import { type CompiledPolicies, compilePolicies, type MessageScope, type PolicySet } from './compile.ts';
import { completePolicy } from './complete-policy.ts';
import type { Policy, PolicyDirection, PolicyScope } from './policy.ts';
import { judgeBy } from './testing/judge-by.ts';

const policy = (some: Partial<Policy>, scope: Partial<PolicyScope> = {}): Policy =>
  completePolicy({
    id: 'pol_1',
    name: 'A policy',
    reason: 'A reason.',
    detectors: ['secrets'],
    directions: ['call', 'result'],
    actions: [{ type: 'redact', style: 'label' }],
    ...some,
    scope,
  });
const scopeOf = (some: Partial<MessageScope>): MessageScope => ({
  server: null,
  direction: 'call',
  tool: null,
  caller: null,
  client: null,
  workstation: null,
  ...some,
});
const names = (some: CompiledPolicies | null) => some?.policies.map(({ policy: { id } }) => id) ?? null;
const of = (set: PolicySet, server: ServerId | null, direction: PolicyDirection) =>
  set.forMessage(scopeOf({ server, direction }));

test('where nothing applies the answer is null', () => {
  const set = compilePolicies([
    policy({ mode: 'draft' }),
    policy({ directions: ['result'] }),
    policy({}, { servers: ['srv_a'] }),
  ]);
  assert.equal(of(set, 'srv_b', 'call'), null);
  assert.equal(of(compilePolicies([]), null, 'result'), null);
  assert.equal(set.size, 2);
});

test('each server and direction gets the policies of its scope, the most severe first', () => {
  const set = compilePolicies([
    policy({ id: 'pol_all', directions: ['call'] }),
    policy({ id: 'pol_a', severity: 'low' }, { servers: ['srv_a'] }),
    policy({ id: 'pol_b', severity: 'critical', directions: ['result', 'listing'] }, { servers: ['srv_a', 'srv_b'] }),
  ]);
  assert.deepEqual(names(of(set, 'srv_a', 'call')), ['pol_all', 'pol_a']);
  assert.deepEqual(names(of(set, 'srv_a', 'result')), ['pol_b', 'pol_a']);
  assert.deepEqual(names(of(set, 'srv_b', 'result')), ['pol_b']);
  assert.deepEqual(names(of(set, 'srv_b', 'listing')), ['pol_b']);
  assert.deepEqual(names(of(set, 'srv_c', 'call')), ['pol_all']);
  assert.equal(of(set, 'srv_c', 'result'), null);
  assert.equal(of(set, 'srv_c', 'listing'), null);
});

test('a message for no one server is left to the policies of all servers', () => {
  const set = compilePolicies([policy({ id: 'pol_all' }), policy({ id: 'pol_a' }, { servers: ['srv_a'] })]);
  assert.deepEqual(names(of(set, null, 'call')), ['pol_all']);
});

test('tools, teams, roles, clients and workstations narrow a scope, each by itself', () => {
  const set = compilePolicies([
    policy({ id: 'pol_1tool' }, { tools: ['drop', 'read'] }),
    policy({ id: 'pol_2glob' }, { tools: ['delete_*'] }),
    policy({ id: 'pol_3team' }, { teams: ['team_1'] }),
    policy({ id: 'pol_4role' }, { roles: ['admin'], tools: ['drop'] }),
    policy({ id: 'pol_5client' }, { clients: ['cursor*'] }),
    policy({ id: 'pol_6place' }, { workstations: ['wks_1'] }),
  ]);
  const said = (some: Partial<MessageScope>) => names(set.forMessage(scopeOf(some)));
  assert.equal(said({}), null);
  assert.deepEqual(said({ tool: 'drop' }), ['pol_1tool']);
  assert.deepEqual(said({ tool: 'delete_all' }), ['pol_2glob']);
  assert.equal(said({ tool: 'delete' }), null);
  assert.deepEqual(said({ caller: { teams: ['team_2', 'team_1'], role: 'member' } }), ['pol_3team']);
  assert.deepEqual(said({ tool: 'drop', caller: { teams: [], role: 'admin' } }), ['pol_1tool', 'pol_4role']);
  assert.deepEqual(said({ client: 'cursor-vscode/1.2' }), ['pol_5client']);
  assert.equal(said({ client: 'other/cursor' }), null);
  assert.deepEqual(said({ workstation: 'wks_1' }), ['pol_6place']);
});

test('the same scope is compiled once', () => {
  const set = compilePolicies([policy({}), policy({ id: 'pol_2', detectors: ['jwt'] }, { servers: ['srv_a'] })]);
  assert.equal(of(set, 'srv_a', 'call'), of(set, 'srv_a', 'call'));
  assert.equal(of(set, 'srv_x', 'call'), of(set, 'srv_y', 'call'));
  assert.equal(of(set, 'srv_a', 'call')?.inspector, of(set, 'srv_a', 'result')?.inspector);
  assert.deepEqual(names(set.forServer('srv_a', 'call')), ['pol_1', 'pol_2']);
});

test('the inspector looks for what the policies name and for nothing else', () => {
  const set = compilePolicies([policy({ detectors: ['email', 'npm-token'] })]);
  assert.deepEqual(of(set, null, 'call')?.inspector.detectors, ['npm-token', 'email']);
  assert.deepEqual(
    of(compilePolicies([policy({ detectors: [], condition: 'true' })]), null, 'call')?.inspector.detectors,
    [],
  );
});

test('verdicts that hang on nothing but the message are known as such', () => {
  const isPlain = (some: Partial<Policy>) => of(compilePolicies([policy(some)]), null, 'call')?.isPlain;
  assert.equal(isPlain({}), true);
  assert.equal(isPlain({ condition: 'text.contains("x")' }), true);
  assert.equal(isPlain({ condition: 'session.calls > 3' }), false);
  assert.equal(isPlain({ condition: 'now.getHours() > 3' }), false);
  assert.equal(isPlain({ actions: [{ type: 'tag', tags: ['a'] }] }), false);
  assert.equal(isPlain({ actions: [{ type: 'redact', style: 'tokenise' }] }), false);
});

test('a condition that does not compile fails with the policy and the place', () => {
  assert.throws(
    () => compilePolicies([policy({ name: 'Mine', condition: 'tool.name ==\n tols', mode: 'draft' })]),
    (error) => error instanceof Failure && /“Mine”.*line 2, column 2.*“tols”/.test(error.message),
  );
});

test('an unknown detector fails with the policy and the known names', () => {
  assert.throws(
    () => compilePolicies([policy({ name: 'Mine', detectors: ['email', 'telepathy'], mode: 'draft' })]),
    (error) =>
      error instanceof Failure &&
      error.code === 'invalid_params' &&
      /“Mine”.*“telepathy”.*aws-access-key/.test(error.message) &&
      error.details?.['policy'] === 'pol_1',
  );
});

test('patterns of policies are their own: what two call the same keeps apart', () => {
  const own = (id: 'pol_1' | 'pol_2', pattern: string) =>
    completePolicy({
      id,
      name: id,
      patterns: [{ name: 'number', pattern }],
      actions: [{ type: 'redact', style: 'label' }],
    });
  const judged = judgeBy(
    [own('pol_1', 'INV-\\d{4}'), own('pol_2', 'ORD-\\d{4}')],
    '{"a":"INV-1234 and ORD-5678 and INV-1"}',
  );
  assert.equal(judged.written, '{"a":"[redacted:own:number] and [redacted:own:number@pol_2] and INV-1"}');
  assert.throws(() => compilePolicies([own('pol_1', '(')]), /The pattern “number”/);
});
