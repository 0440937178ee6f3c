import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenOf, partsOfMessage } from './given.ts';

const call = { direction: 'call', tool: 'drop', arguments: '{"a":1}', result: '', values: '' } as const;

test('what is written becomes what a test would give', () => {
  assert.deepEqual(givenOf(call), { ok: true, given: { tool: 'drop', arguments: { a: 1 } } });
  assert.deepEqual(givenOf({ ...call, direction: 'result', result: '{"x":2}' }), {
    ok: true,
    given: { direction: 'result', tool: 'drop', arguments: { a: 1 }, result: { x: 2 } },
  });
});

test('what is no JSON is said at its field', () => {
  const wrong = givenOf({ ...call, arguments: '{a' });
  assert.ok(!wrong.ok && wrong.field === 'arguments' && wrong.problem.includes('no JSON'));
  const values = givenOf({ ...call, values: '3' });
  assert.ok(!values.ok && values.field === 'values');
});

test('a whole message that is pasted is taken apart', () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'drop', arguments: { a: 1 } } };
  assert.deepEqual(partsOfMessage(JSON.stringify(message)), {
    direction: 'call',
    tool: 'drop',
    arguments: '{\n  "a": 1\n}',
  });
  assert.equal(partsOfMessage('{"jsonrpc":"2.0","id":1,"result":{"x":1}}')?.direction, 'result');
  assert.equal(partsOfMessage('plain'), null);
  assert.equal(partsOfMessage('{"a":1}'), null);
});
