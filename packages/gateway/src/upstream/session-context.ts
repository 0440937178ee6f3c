// Who is asking, for servers that want to know: a member of `_meta` under our own prefix, which no client can forge. The
// rest of a message stays what it is, and servers that do not know the extension need not read it.
import { sessionContextKey } from '@mcpvault/domain/catalog/process-rules';
import { Failure } from '@mcpvault/domain/failure';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { MalformedMessage, memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { skipSpace, type Span } from '@mcpvault/protocol/jsonrpc/scan';

export interface SessionContext {
  readonly organization: string;
  readonly member: string;
  /** The conversation: a legacy session, or one modern request. */
  readonly session: string;
  /** Free: what the client said of itself. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** What must be changed in a request so that it carries this context, as JSON text, and no other; null for none at all. */
export function contextEdits(message: Message, context: string | null): readonly Edit[] {
  const { meta } = message.marks;
  const forged = meta === null ? null : contextIn(message, meta);
  if (forged !== null) return [edit(forged, context ?? 'null')];
  if (context === null) return [];
  const member = `"${sessionContextKey}":${context}`;
  const { text, params } = message;
  if (meta !== null) return isObject(text, meta) ? [inserted(text, meta, member)] : [];
  if (params !== null) return isObject(text, params) ? [inserted(text, params, `"_meta":{${member}}`)] : [];
  const end = text.lastIndexOf('}');
  return [edit({ start: end, end }, `,"params":{"_meta":{${member}}}`)];
}

/** The session that a server names in a message of its own accord; null when it names none. */
export function sessionNamedIn(message: Message): string | null {
  const { meta } = message.marks;
  const span = meta === null ? null : memberAt(message.text, meta, sessionContextKey);
  const named = span === null ? null : memberAt(message.text, span, 'session');
  const session = named === null ? null : message.scalarAt(named);
  return typeof session === 'string' ? session : null;
}

/** True when a server declares in its answer to `initialize` that it understands the extension. */
export function declaresContext(answer: Message): boolean {
  if (answer.result === null) return false;
  const capabilities = memberAt(answer.text, answer.result, 'capabilities');
  if (capabilities === null) return false;
  return ['experimental', 'extensions'].some((place) => {
    const span = memberAt(answer.text, capabilities, place);
    return span !== null && memberAt(answer.text, span, sessionContextKey) !== null;
  });
}

function contextIn(message: Message, meta: Span): Span | null {
  try {
    return memberAt(message.text, meta, sessionContextKey);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    throw new Failure('invalid_request', error.message);
  }
}

function isObject(text: string, span: Span): boolean {
  return text.charCodeAt(span.start) === 123;
}

function inserted(text: string, object: Span, member: string): Edit {
  const at = object.start + 1;
  const isEmpty = text.charCodeAt(skipSpace(text, at)) === 125;
  return edit({ start: at, end: at }, isEmpty ? member : `${member},`);
}

function edit({ start, end }: Span, replacement: string): Edit {
  return { start, end, replacement, layer: 'hub', policy: null, reason: 'who is asking', detector: null };
}
