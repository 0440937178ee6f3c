import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '@mcpvault/contract/operations';
import { handlers } from './handlers.ts';

test('every operation of the contract has exactly one handler, in the contract’s order', () => {
  assert.deepEqual(
    handlers.map((handler) => handler.key),
    Object.keys(operations),
  );
});
