import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { decodeHeaderValue, encodeHeaderValue } from '@mcpvault/protocol/transport/header-value';
import { modernHeaders } from './modern-request-headers.ts';

const secret = 'sk-1234';

function headersOf(params: string, changes: Readonly<Record<string, string>>, mirrored: Record<string, string> = {}) {
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`);
  const message = parseMessage(raw, { maxDepth: 20, check: 'strict' });
  const edits = Object.entries(changes).flatMap(([part, replacement]): Edit[] => {
    const start = raw.indexOf(part);
    assert.ok(start >= 0);
    const end = start + Buffer.byteLength(part);
    return [{ start, end, replacement, layer: 'hub', policy: 'pol_1', reason: 'why', detector: 'secret' }];
  });
  const list = modernHeaders({ message, edits }, { version: '2026-07-28', params: mirrored });
  return Object.fromEntries(list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1] ?? '']] : [])));
}

test('version, method and name come from the body; parameters pass as they came', () => {
  assert.deepEqual(headersOf('{"name":"echo","arguments":{"region":"eu"}}', {}, { 'mcp-param-region': 'eu' }), {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'echo',
    'mcp-param-region': 'eu',
  });
});

test('a name that the server knows under another is sent as the server knows it', () => {
  assert.equal(headersOf('{"name":"files__read"}', { '"files__read"': '"lies"' })['mcp-name'], 'lies');
  assert.equal(
    headersOf('{"name":"files__read"}', { '"files__read"': '"gr\\u00fc\\u00df"' })['mcp-name'],
    encodeHeaderValue('grüß'),
  );
});

test('what a policy took out of the name does not travel beside it', () => {
  assert.equal(headersOf(`{"name":"a-${secret}-b"}`, { [secret]: '[redacted]' })['mcp-name'], 'a-[redacted]-b');
});

test('what a policy took out of an argument does not travel in its header', () => {
  for (const value of [`key ${secret}`, encodeHeaderValue(`schlüssel ${secret}`)]) {
    const text = decodeHeaderValue(value) ?? '';
    const params = `{"name":"a","arguments":{"k":${JSON.stringify(text)}}}`;
    const sent = headersOf(params, { [secret]: '***' }, { 'mcp-param-k': value })['mcp-param-k'] ?? '';
    assert.equal(decodeHeaderValue(sent), text.replace(secret, '***'));
  }
});

test('a request that names nothing has no name in its headers', () => {
  assert.equal(headersOf('{}', {})['mcp-name'], undefined);
  assert.equal(headersOf('{"name":5}', {})['mcp-name'], undefined);
});
