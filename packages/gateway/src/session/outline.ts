// What the record says of a call's arguments: which there were and of what kind, never what they said. So an auditor sees
// how a tool was used, and nobody finds a secret or a person's words in a list.
import type { Finding } from '@mcpvault/domain/inspection/finding';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { type Span, walkObject } from '@mcpvault/protocol/jsonrpc/scan';

const mostMembers = 40;
/** Larger arguments are named by their size alone. */
const mostBytes = 16 * 1024;
/** What looks like a name; anything else may be data that was put where names belong. */
const plainName = /^[A-Za-z_$][\w$.-]{0,39}$/;

/** JSON such as `{"path":"text 24","limit":"number"}`, sizes in bytes; null for messages without arguments. */
export function outlineOf({ marks, text }: Message, findings: readonly Finding[]): string | null {
  const span = marks.arguments;
  if (span === null) return null;
  const size = span.end - span.start;
  if (text.charCodeAt(span.start) !== openBrace) return `"${kindOf(text, span.start, span.end)}"`;
  if (size > mostBytes) return `"object ${size}"`;
  let outline = '';
  let members = 0;
  walkObject(text, span.start, size, (name, keyStart, start, end) => {
    members++;
    if (members > mostMembers) return;
    const key = { start: keyStart, end: start };
    const isPlain = plainName.test(name) && !findings.some((found) => touches(found, key));
    outline += `${members === 1 ? '' : ','}"${isPlain ? name : `(${members})`}":"${kindOf(text, start, end)}"`;
  });
  return members > mostMembers ? `{${outline},"(more)":"${members - mostMembers}"}` : `{${outline}}`;
}

/** The trace that the client says the request belongs to; null where it says none, or nonsense. */
export function traceOf({ marks, text }: Message): string | null {
  const span = marks.meta;
  if (span === null) return null;
  const found = text.indexOf('"traceparent"', span.start);
  if (found < 0 || found >= span.end) return null;
  traceparent.lastIndex = found;
  return traceparent.exec(text)?.[1] ?? null;
}

const traceparent = /"traceparent"\s*:\s*"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}"/y;

const openBrace = 123;

function kindOf(text: string, start: number, end: number): string {
  switch (text[start]) {
    case '"':
      return `text ${end - start - 2}`;
    case '{':
      return `object ${end - start}`;
    case '[':
      return `list ${end - start}`;
    case 't':
    case 'f':
      return 'truth';
    case 'n':
      return 'null';
    default:
      return 'number';
  }
}

function touches(place: Span, span: Span): boolean {
  return place.start < span.end && span.start < place.end;
}
