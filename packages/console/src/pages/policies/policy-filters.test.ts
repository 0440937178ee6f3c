import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fits, isFiltered, parsePoliciesSearch } from './policy-filters.ts';
import type { Definition } from './policy-words.ts';

const policy = {
  name: 'Keep secrets in',
  reason: 'They are ours.',
  owner: 'ada@example.com',
  condition: 'tool.destructive',
  detectors: ['secrets'],
  mode: 'shadow',
  severity: 'high',
  scope: { servers: ['srv_1'], tools: ['drop_*'] },
} as unknown as Definition;

const group = (id: string) => (id === 'github-token' ? 'secrets' : undefined);
const does = (search: object) => fits(policy, parsePoliciesSearch(search as never), 'srv_1', group);

test('every word of a search must be somewhere in the policy', () => {
  assert.ok(does({ q: 'SECRETS ada' }));
  assert.ok(does({ q: 'drop_' }));
  assert.ok(!does({ q: 'secrets grace' }));
});

test('filters hold together, and nonsense in the address is no filter', () => {
  assert.ok(does({ mode: 'shadow', severity: 'high', server: 'one', detector: 'github-token' }));
  assert.ok(!does({ mode: 'draft' }));
  assert.ok(!fits(policy, { server: 'other' }, 'srv_2', group));
  assert.ok(!does({ detector: 'email' }));
  assert.deepEqual(isFiltered(parsePoliciesSearch({ mode: 'x', open: 'library' })), false);
});
