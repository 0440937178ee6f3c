// The headers that modern messages mirror from their body (Streamable HTTP of 2026-07-28): read, compared, written.
import type { IncomingHttpHeaders } from 'node:http';
import { Failure } from '@mcpvault/domain/failure';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { eraOf, metaKeys, type Era } from '@mcpvault/protocol/mcp/revision';
import type { ModernHeaders } from '../upstream/link.ts';

const sentinel = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/;

/** A value as it may stand in a header: plain when it is plain, else in base64 between marks. */
export function encodeHeaderValue(value: string): string {
  const plain = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !sentinel.test(value);
  return plain ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}

export function decodeHeaderValue(value: string): string {
  const match = sentinel.exec(value.trim());
  return match === null ? value.trim() : Buffer.from(match[1] ?? '', 'base64').toString('utf8');
}

/** The revision a message itself claims in its `_meta`; null when it claims none. */
export function claimedRevision(message: Message): string | null {
  if (message.params === null || message.marks.meta === null) return null;
  const { meta } = message.marks;
  if (!message.text.includes('io.modelcontextprotocol/', meta.start)) return null;
  const span = memberAt(message.text, meta, metaKeys.protocolVersion);
  if (span === null) return null;
  const value = message.valueAt(span);
  return typeof value === 'string' ? value : null;
}

/** Modern is what claims to be, in body or header; everything else is legacy. */
export function eraOfRequest(message: Message, headers: IncomingHttpHeaders): Era {
  if (claimedRevision(message) !== null) return 'modern';
  const header = headers['mcp-protocol-version'];
  return typeof header === 'string' && eraOf(header) === 'modern' ? 'modern' : 'legacy';
}

/** Proves that the mirrored headers say what the body says, before anything is decided by either. Throws `header_mismatch`. */
export function readModernHeaders(message: Message, headers: IncomingHttpHeaders): ModernHeaders {
  const claimed = claimedRevision(message);
  const version = single(headers, 'mcp-protocol-version');
  if (version === null) throw mismatch('MCP-Protocol-Version is missing');
  if (claimed !== null && claimed !== version) throw mismatch('MCP-Protocol-Version differs from the body');
  const method = single(headers, 'mcp-method');
  if (method === null) throw mismatch('Mcp-Method is missing');
  if (method !== message.method) throw mismatch('Mcp-Method differs from the body');
  const target = mirrored(message.method) ? message.target : null;
  const name = single(headers, 'mcp-name');
  if (target !== null) {
    if (name === null) throw mismatch('Mcp-Name is missing');
    if (decodeHeaderValue(name) !== target) throw mismatch('Mcp-Name differs from the body');
  }
  const params: Record<string, string> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (header.startsWith('mcp-param-') && typeof value === 'string') params[header] = value;
  }
  return { version, params };
}

function mirrored(method: string | null): boolean {
  return (
    method === 'tools/call' ||
    method === 'prompts/get' ||
    method === 'resources/read' ||
    (method?.startsWith('tasks/') ?? false)
  );
}

function single(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : null;
}

function mismatch(text: string): Failure {
  return new Failure('header_mismatch', text);
}
