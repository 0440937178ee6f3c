import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { encodeHeaderValue } from '@mcpvault/protocol/transport/header-value';
import { readModernHeaders } from './modern-headers.ts';

const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

function read(
  args: string,
  headers: IncomingHttpHeaders,
  _meta: object = meta,
): Readonly<Record<string, string>> | string {
  const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":${args},"_meta":${JSON.stringify(_meta)}}}`;
  const message = parseMessage(Buffer.from(text), { maxDepth: 50, check: 'strict' });
  const usual = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'a' };
  try {
    return readModernHeaders(message, { ...usual, ...headers }).params;
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error.code;
  }
}

test('header and body disagree: a parameter in a header has to repeat an argument, at whatever depth and in whatever spelling', () => {
  const args = '{"region":"eu-\\u0031","deep":[{"n":42.0,"big":12345678901234567890,"on":true,"town":"Zürich"}]}';
  const fine: IncomingHttpHeaders = {
    'mcp-param-region': 'eu-1',
    'mcp-param-n': '42',
    'mcp-param-m': '42.0',
    'mcp-param-big': '12345678901234567890',
    'mcp-param-on': 'true',
    'mcp-param-town': encodeHeaderValue('Zürich'),
  };
  assert.deepEqual(read(args, fine), fine);
  for (const value of ['eu-2', 'region', 'town', '', '4', encodeHeaderValue('Zurich '), '=?base64?%%?='])
    assert.equal(read(args, { 'mcp-param-region': value }), 'header_mismatch', value);
  assert.equal(read('{}', { 'mcp-param-region': 'eu-1' }), 'header_mismatch');
});

test('a revision that could not stand in a header is none, whatever it is encoded as', () => {
  for (const version of ['9999-01-01\r\nx: y', '2026-07-28 ', 'é', 'x'.repeat(101)])
    assert.equal(read('{}', { 'mcp-protocol-version': encodeHeaderValue(version) }, {}), 'header_mismatch', version);
  assert.deepEqual(read('{}', {}, {}), {});
});
