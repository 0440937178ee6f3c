// The headers that a modern request carries on this hop: made from the body as it leaves, so that what a policy took out of
// the body does not travel beside it.
import type { Edit } from '@mcpvault/domain/redaction/edit';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import { decodeHeaderValue, encodeHeaderValue } from '@mcpvault/protocol/transport/header-value';
import type { ModernHeaders, Outbound } from './link.ts';

/** Names and values by turns. */
export function modernHeaders(request: Outbound, modern: ModernHeaders): string[] {
  const { message, edits } = request;
  const headers = ['mcp-protocol-version', modern.version, 'mcp-method', encodeHeaderValue(message.method ?? '')];
  const { target } = message.marks;
  const name = target === null || message.target === null ? null : textAsSent(message, target, edits);
  if (name !== null) headers.push('mcp-name', encodeHeaderValue(name));
  for (const [param, value] of Object.entries(modern.params)) headers.push(param, mirrored(value, request));
  return headers;
}

/** The string at a span as the server will read it; null when what is sent there is none. */
function textAsSent(message: Message, span: Span, edits: readonly Edit[]): string | null {
  let written = '';
  let from = span.start;
  for (const edit of edits) {
    if (edit.end <= span.start || edit.start >= span.end) continue;
    written += message.textAt({ start: from, end: edit.start }) + edit.replacement;
    from = edit.end;
  }
  written += message.textAt({ start: from, end: span.end });
  return asString(written);
}

/** A value mirrored from an argument, with the same edits as the argument. */
function mirrored(value: string, { message, edits }: Outbound): string {
  const inside = message.marks.arguments;
  const text = inside === null ? null : decodeHeaderValue(value);
  if (inside === null || text === null) return value;
  let edited = text;
  for (const edit of edits) {
    if (edit.start < inside.start || edit.end > inside.end) continue;
    const removed = fragment(message.textAt(edit));
    if (removed !== '') edited = edited.replaceAll(removed, () => fragment(edit.replacement));
  }
  return edited === text ? value : encodeHeaderValue(edited);
}

/** What a piece of JSON text, the inside of a string or a whole value, says. */
function fragment(text: string): string {
  return asString(`"${text}"`) ?? asString(text) ?? text;
}

function asString(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
