import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Asked, stateText, wishOf } from './approval-words.ts';

const vote = (says: 'approve' | 'refuse') => ({ says }) as Asked['votes'][number];

test('a wish is named by its tool and server', () => {
  const server = { id: 'srv_1', name: 'warehouse' } as const;
  assert.equal(wishOf({ target: 'drop', method: 'tools/call', server }), 'drop on warehouse');
  assert.equal(wishOf({ target: null, method: 'logging/setLevel', server: null }), 'logging/setLevel');
});

test('a state says how many have agreed where it takes several, and what an approval is good for', () => {
  const asked = { state: 'pending' as const, needed: 2, votes: [vote('approve')], scope: null };
  assert.equal(stateText(asked), '1 of 2 said yes');
  assert.equal(stateText({ ...asked, needed: 1, votes: [] }), 'Waiting');
  assert.equal(stateText({ ...asked, state: 'approved', scope: 'session' }), 'Approved for the session');
  assert.equal(stateText({ ...asked, state: 'used', scope: 'once' }), 'Approved and sent');
});
