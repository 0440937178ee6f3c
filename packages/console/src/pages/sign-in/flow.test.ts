import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepFlow, takeFlow } from './flow.ts';

function memory(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

test('what is under way is taken once, and with the provider it began with only', () => {
  const storage = memory();
  keepFlow(storage, { provider: 'idp_1', flow: 'secret', next: '/servers' });
  assert.deepEqual(takeFlow(storage, 'idp_1'), { provider: 'idp_1', flow: 'secret', next: '/servers' });
  assert.equal(takeFlow(storage, 'idp_1'), null);
  keepFlow(storage, { provider: 'idp_1', flow: 'secret' });
  assert.equal(takeFlow(storage, 'idp_2'), null);
  assert.equal(takeFlow(storage, 'idp_1'), null);
});

test('whatever else lies there is nothing under way', () => {
  for (const text of ['', 'null', '{', '[]', '{"provider":"idp_1"}', '{"provider":"idp_1","flow":7}']) {
    const storage = memory();
    storage.setItem('mcpvault.sign-in-under-way', text);
    assert.equal(takeFlow(storage, 'idp_1'), null, text);
  }
});
