import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import { bundleWith } from '../testing/bundles.ts';
import { allowedOf, governingBy } from './governing.ts';
import { isStricter } from './is-stricter.ts';
import { localServerId } from './local-entry.ts';

const scorer = () => {
  throw new Error('nothing here looks for injections');
};
const refuse = completePolicy({ id: 'pol_localrefuse', name: 'No', actions: [{ type: 'refuse' }] });
const set = completePolicy({
  id: 'pol_localset',
  name: 'Other words',
  actions: [{ type: 'set', argument: '/to', value: 'me' }, { type: 'alert' }],
});

test('policies of a computer’s own hold as its hub allows: all, those that only take away, or none', () => {
  assert.deepEqual(allowedOf([refuse, set], 'allowed'), [refuse, set]);
  assert.deepEqual(allowedOf([refuse, set], 'stricter'), [refuse]);
  assert.deepEqual(allowedOf([refuse, set], 'forbidden'), []);
  assert.equal(isStricter(set), false);
});

test('without a hub nothing is closed, and the person’s own policies hold', () => {
  const governing = governingBy({ bundle: null, own: [refuse], now: 0, scorer });
  assert.equal(governing.closed, null);
  assert.equal(governing.policies.size, 1);
  assert.equal(governing.workstation, undefined);
});

test('both layers are there once enrolled, as the member that the hub says', () => {
  const bundle = bundleWith({ policies: [{ ...refuse, id: 'pol_hub' }] });
  const governing = governingBy({ bundle, own: [refuse], now: 1, scorer });
  assert.equal(governing.policies.size, 2);
  assert.equal(governing.caller.member, bundle.member.id);
  assert.deepEqual([...governing.teams.values()], ['Research']);
});

test('an expired bundle closes local servers or keeps its policies, as its own settings say', () => {
  const closing = bundleWith({ settings: { whenExpired: 'refuse' } });
  const keeping = bundleWith({ settings: { whenExpired: 'keep' } });
  const at = (bundle: typeof closing, now: number) => governingBy({ bundle, own: [], now, scorer });
  assert.equal(at(closing, closing.expiresAt - 1).closed, null);
  assert.match(at(closing, closing.expiresAt).closed ?? '', /expired/);
  assert.equal(at(keeping, keeping.expiresAt + 1).closed, null);
  assert.equal(at(closing, 0).endsAt, closing.expiresAt);
  assert.equal(at(keeping, 0).endsAt, null);
});

test('an organization can forbid servers that a computer runs by itself', () => {
  const bundle = bundleWith({ settings: { localServers: 'forbidden' } });
  assert.match(governingBy({ bundle, own: [], now: 0, scorer }).closed ?? '', /does not allow/);
});

test('a tool is hidden when a policy refuses each of its calls, and no other', () => {
  const server = localServerId('files');
  const scope = { tools: ['delete_*'], servers: [server] };
  const whole = { id: 'pol_a', name: 'a', actions: [{ type: 'refuse' }] } as const;
  const hides = (policy: Parameters<typeof completePolicy>[0], tool: string, of = server) =>
    governingBy({ bundle: null, own: [completePolicy(policy)], now: 0, scorer }).hides(of, tool);
  assert.ok(hides({ ...whole, scope }, 'delete_all'));
  assert.ok(!hides({ ...whole, scope }, 'read'));
  assert.ok(!hides({ ...whole, scope }, 'delete_all', localServerId('other')));
  assert.ok(!hides({ ...whole, scope, condition: 'arguments.force == true' }, 'delete_all'));
  assert.ok(!hides({ ...whole, scope, mode: 'shadow' }, 'delete_all'));
  assert.ok(!hides({ ...whole, scope, detectors: ['secrets'] }, 'delete_all'));
  assert.ok(!hides({ ...whole, scope: { ...scope, clients: ['cursor'] } }, 'delete_all'));
});
