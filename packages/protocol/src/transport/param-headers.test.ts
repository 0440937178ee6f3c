import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Message, parseMessage } from '../jsonrpc/message.ts';
import { ParamHeaders } from './param-headers.ts';

const message = (value: object): Message =>
  parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, ...value })), { maxDepth: 100, check: 'strict' });

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
  const list = message({ method: 'tools/list' });
  params.learn(list, message({ result: { tools: [{ name: 'move', inputSchema }, null, { name: 1 }] } }).raw);
  params.learn(list, Buffer.from('{"x-mcp-header":'));
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
