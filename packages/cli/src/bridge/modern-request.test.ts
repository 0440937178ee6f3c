import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { eraOfMessage, modernHeaders } from './modern-request.ts';

const message = (value: object): Message =>
  parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, ...value })), { maxDepth: 100, check: 'strict' });
const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

test('only what claims a modern revision is modern', () => {
  assert.equal(eraOfMessage(message({ method: 'tools/list', params: { _meta } })), 'modern');
  assert.equal(eraOfMessage(message({ method: 'tools/list' })), 'legacy');
  const older = { 'io.modelcontextprotocol/protocolVersion': '2025-11-25' };
  assert.equal(eraOfMessage(message({ method: 'tools/list', params: { _meta: older } })), 'legacy');
});

test('headers say what the body says, in a form that a header can hold', () => {
  const call = message({ method: 'tools/call', params: { name: 'Zürich', _meta } });
  assert.deepEqual(modernHeaders(call, {}), {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': `=?base64?${Buffer.from('Zürich').toString('base64')}?=`,
  });
  assert.equal(modernHeaders(message({ method: 'tools/list', params: { _meta } }), {})['mcp-name'], undefined);
});
