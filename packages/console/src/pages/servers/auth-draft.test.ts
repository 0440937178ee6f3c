import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authDraftOf, changedAuth, newAuth, noAuth } from './auth-draft.ts';

test('without a sign-in nothing is sent', () => {
  assert.deepEqual(newAuth(noAuth), {});
  assert.deepEqual(changedAuth(authDraftOf(undefined)), {});
});

test('a client and its secret are sent only where they are given', () => {
  assert.deepEqual(newAuth({ ...noAuth, choice: 'per-member', scopes: ' a  b ' }), {
    auth: { mode: 'per-member', grant: 'authorization-code', scopes: ['a', 'b'] },
  });
  assert.deepEqual(newAuth({ ...noAuth, choice: 'machine', clientId: 'us', clientSecret: 's' }), {
    auth: { mode: 'shared', grant: 'client-credentials', client: { id: 'us', secret: 's' } },
  });
});

test('what is stored stays until it is written anew, and never goes to another client', () => {
  const stored = authDraftOf({
    mode: 'shared',
    grant: 'client-credentials',
    scopes: [],
    omitResource: true,
    client: { id: 'us', hasSecret: true, hasKey: true },
  });
  const common = { mode: 'shared', grant: 'client-credentials', omitResource: true };
  assert.deepEqual(changedAuth(stored), { auth: { ...common, client: { id: 'us', secret: null, key: null } } });
  const written = { ...stored, clientSecret: 'new' };
  assert.deepEqual(changedAuth(written), { auth: { ...common, client: { id: 'us', secret: 'new', key: null } } });
  assert.deepEqual(changedAuth({ ...stored, clientId: 'other' }), { auth: { ...common, client: { id: 'other' } } });
});
