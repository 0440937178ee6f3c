// What a modern client over stdio says in the body alone, and over HTTP has to be said in headers too.
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { eraOf, type Era, metaKeys } from '@mcpvault/protocol/mcp/revision';
import { encodeHeaderValue } from '@mcpvault/protocol/transport/header-value';

/** Modern is what claims to be; everything else belongs to a session. */
export function eraOfMessage(message: Message): Era {
  const claimed = claimedRevision(message);
  return claimed !== null && eraOf(claimed) === 'modern' ? 'modern' : 'legacy';
}

/** `params` are headers that repeat arguments, by lower-case name. */
export function modernHeaders(message: Message, params: Readonly<Record<string, string>>): Record<string, string> {
  const target = mirrored.test(message.method ?? '') ? message.target : null;
  return {
    'mcp-protocol-version': encodeHeaderValue(claimedRevision(message) ?? ''),
    'mcp-method': encodeHeaderValue(message.method ?? ''),
    ...(target !== null && { 'mcp-name': encodeHeaderValue(target) }),
    ...params,
  };
}

/** The requests whose target stands in `Mcp-Name` as well. */
const mirrored = /^(tools\/call|prompts\/get|resources\/read|tasks\/(get|update|cancel))$/;

function claimedRevision(message: Message): string | null {
  const { text, marks } = message;
  const span = marks.meta === null ? null : memberAt(text, marks.meta, metaKeys.protocolVersion);
  const value = span === null ? null : message.scalarAt(span);
  return typeof value === 'string' ? value : null;
}
