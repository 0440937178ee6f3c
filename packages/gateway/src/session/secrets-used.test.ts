import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerEntry, Transport } from '@mcpvault/domain/catalog/server';
import { defaultProcessRules } from '@mcpvault/domain/catalog/process-rules';
import { secretsUsed } from './secrets-used.ts';

const caller = { organization: 'org_1', member: 'mem_1' } as const;

function server(transport: Transport): ServerEntry {
  return {
    ...{ id: 'srv_1', organization: 'org_1', name: 'up', version: 'ver_1', isolation: 'shared', enabled: true },
    processes: defaultProcessRules,
    transport,
  };
}

function used(transport: Transport, held: string | null = null): readonly string[] | null {
  return secretsUsed(server(transport), caller, { heldBy: () => held });
}

const remote = { type: 'streamable-http', url: 'https://up.example/mcp' } as const;

test('a server that holds nothing secret uses none, and nobody is asked for a sign-in', () => {
  const heldBy = () => assert.fail('asked');
  assert.equal(secretsUsed(server({ ...remote, headers: {} }), caller, { heldBy }), null);
  assert.equal(used({ type: 'stdio', command: 'node', args: [], env: {} }), null);
});

test('headers and variables are named, and what they hold is not', () => {
  assert.deepEqual(used({ ...remote, headers: { 'X-Api-Key': 'k-4711', 'X-Team': 'a' } }), [
    'header X-Api-Key',
    'header X-Team',
  ]);
  assert.deepEqual(used({ type: 'stdio', command: 'node', args: [], env: { TOKEN: 't-4711' } }), ['env TOKEN']);
});

test('a sign-in is named by its id, and stands in for a header of the definition', () => {
  const auth = { mode: 'per-member', grant: 'authorization-code' } as const;
  const headers = { Authorization: 'Bearer old', 'X-Team': 'a' };
  assert.deepEqual(used({ ...remote, headers, auth }, 'cnn_1'), ['connection cnn_1', 'header X-Team']);
  assert.deepEqual(used({ ...remote, headers: { Authorization: 'Bearer old' }, auth }, 'cnn_1'), ['connection cnn_1']);
  assert.equal(used({ ...remote, headers: {}, auth }), null, 'nobody is signed in');
});
