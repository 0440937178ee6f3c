import { memberAt, MalformedMessage, type Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import { metaKeys } from '@mcpvault/protocol/mcp/revision';

/** How a client can ask its person something: in a form, or by sending them to a page; null when it cannot. */
export type Elicits = 'form' | 'url' | null;

/** As the client says in `initialize`, or in a modern message's `_meta`. */
export function elicitsOf(message: Message): Elicits {
  try {
    const { params, marks } = message;
    const capabilities =
      message.method === 'initialize'
        ? inside(message, params, 'capabilities')
        : inside(message, marks.meta, metaKeys.clientCapabilities);
    const modes = inside(message, capabilities, 'elicitation');
    if (modes === null || message.text.charCodeAt(modes.start) !== openBrace) return null;
    if (inside(message, modes, 'form') !== null) return 'form';
    return inside(message, modes, 'url') === null ? 'form' : 'url';
  } catch (error) {
    if (error instanceof MalformedMessage) return null;
    throw error;
  }
}

const openBrace = 123;

function inside(message: Message, span: Span | null, name: string): Span | null {
  return span === null ? null : memberAt(message.text, span, name);
}
