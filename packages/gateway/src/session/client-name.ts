import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import { metaKeys } from '@mcpvault/protocol/mcp/revision';

/** How an AI client names itself, `name/version`, in `initialize` or in a modern message's `_meta`. A claim: for display only. */
export function clientNameOf(message: Message): string | null {
  const { params, marks } = message;
  const info =
    message.method === 'initialize'
      ? inside(message, params, 'clientInfo')
      : inside(message, marks.meta, metaKeys.clientInfo);
  const name = textIn(message, info, 'name');
  if (name === null) return null;
  const version = textIn(message, info, 'version');
  return `${name}${version === null ? '' : `/${version}`}`
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
    .slice(0, 200);
}

function textIn(message: Message, span: Span | null, name: string): string | null {
  const found = inside(message, span, name);
  const value = found === null ? null : message.scalarAt(found);
  return typeof value === 'string' ? value.slice(0, 200) : null;
}

function inside(message: Message, span: Span | null, name: string): Span | null {
  return span === null ? null : memberAt(message.text, span, name);
}
