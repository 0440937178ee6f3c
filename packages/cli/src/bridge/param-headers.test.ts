import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { eraOfMessage, modernHeaders } from './modern-request.ts';
import { ParamHeaders } from './param-headers.ts';

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

test('arguments that a tool wants in headers go there, at whatever depth; absent ones do not', () => {
  const params = new ParamHeaders();
  const inputSchema = {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      deep: { type: 'object', properties: { on: { type: 'boolean', 'x-mcp-header': 'On' } } },
      gone: { type: 'integer', 'x-mcp-header': 'Gone' },
      broken: { type: 'string', 'x-mcp-header': 'a b' },
    },
  };
  const list = message({ method: 'tools/list', params: { _meta } });
  params.learn(list, message({ result: { tools: [{ name: 'move', inputSchema }, null, { name: 1 }] } }));
  const called = message({
    method: 'tools/call',
    params: { name: 'move', arguments: { region: 'é', deep: { on: true }, broken: 'x' } },
  });
  assert.deepEqual(params.headersFor(called), {
    'mcp-param-region': `=?base64?${Buffer.from('é').toString('base64')}?=`,
    'mcp-param-on': 'true',
  });
  assert.deepEqual(params.headersFor(message({ method: 'tools/call', params: { name: 'other', arguments: {} } })), {});
});
