// The headers that modern messages mirror from their body (Streamable HTTP of 2026-07-28): read and compared.
import type { IncomingHttpHeaders } from 'node:http';
import { Failure } from '@mcpvault/domain/failure';
import { walkJson } from '@mcpvault/domain/inspection/json-walk';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { eraOf, metaKeys, type Era } from '@mcpvault/protocol/mcp/revision';
import { decodeHeaderValue } from '@mcpvault/protocol/transport/header-value';
import type { ModernHeaders } from '../upstream/link.ts';

/** The revision a message itself claims in its `_meta`; null when it claims none. */
export function claimedRevision(message: Message): string | null {
  const { meta } = message.marks;
  const span = meta === null ? null : memberAt(message.text, meta, metaKeys.protocolVersion);
  const value = span === null ? null : message.scalarAt(span);
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
  const version = headerOf(headers, 'mcp-protocol-version');
  if (version === null) throw mismatch('MCP-Protocol-Version is missing');
  const claimed = claimedRevision(message);
  if (claimed !== null && claimed !== version) throw mismatch('MCP-Protocol-Version differs from the body');
  if (!/^[\x21-\x7e]{1,100}$/.test(version)) throw mismatch('MCP-Protocol-Version names no revision');
  const method = headerOf(headers, 'mcp-method');
  if (method === null) throw mismatch('Mcp-Method is missing');
  if (method !== message.method) throw mismatch('Mcp-Method differs from the body');
  const name = headerOf(headers, 'mcp-name');
  const target = mirrored.has(message.method ?? '') ? message.target : null;
  if (target !== null) {
    if (name === null) throw mismatch('Mcp-Name is missing');
    if (name !== target) throw mismatch('Mcp-Name differs from the body');
  }
  return { version, params: readParams(message, headers) };
}

/** Each has to repeat an argument: what stands in a header alone would reach the server without having been judged. */
function readParams(message: Message, headers: IncomingHttpHeaders): Record<string, string> {
  const params: Record<string, string> = {};
  const unproven = new Map<string, string>();
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith('mcp-param-') || typeof value !== 'string') continue;
    params[header] = value;
    const text = headerOf(headers, header) ?? '';
    if (text !== 'true' && text !== 'false') unproven.set(text, header);
  }
  if (unproven.size > 0) strikeOut(unproven, message);
  for (const header of unproven.values()) throw mismatch(`${header} differs from the body`);
  return params;
}

/** Strikes out what the arguments say somewhere: strings as they read, numbers as written or as read. */
function strikeOut(texts: Map<string, string>, message: Message): void {
  const span = message.marks.arguments;
  if (span === null) return;
  const json = message.textAt(span);
  const said = (text: string): boolean => {
    texts.delete(text);
    return texts.size > 0;
  };
  walkJson(json, {
    string: (start, end) => said(String(JSON.parse(json.slice(start - 1, end + 1)))),
    number: (start, end) => said(json.slice(start, end)) && said(String(Number(json.slice(start, end)))),
  });
}

/** The requests whose target stands in `Mcp-Name` as well. */
const mirrored: ReadonlySet<string> = new Set([
  'tools/call',
  'prompts/get',
  'resources/read',
  'tasks/get',
  'tasks/update',
  'tasks/cancel',
]);

function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  if (typeof value !== 'string') return null;
  const text = decodeHeaderValue(value);
  if (text === null) throw mismatch(`${name} is marked as base64 and is none`);
  return text;
}

function mismatch(text: string): Failure {
  return new Failure('header_mismatch', text);
}
