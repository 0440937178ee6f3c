// Writes a target's own name where a client wrote another, as the smallest change: what stays of the client's text stays
// where it was, so that a policy's redaction inside a name is not undone by renaming it.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import type { Edit } from '../redaction/edit.ts';

/**
 * The edit that makes `to` of the JSON string at `span`. Where `to` is the string with one part taken out or put in, only
 * that part changes, whatever escapes the string is written with; otherwise the whole string is replaced, and then `to`
 * must not be made of words that a policy may have redacted.
 */
export function renamed(message: Message, span: Span, to: string, reason: string): Edit {
  const { start, end, replacement } = oneChange(message, span, to) ?? { ...span, replacement: JSON.stringify(to) };
  return { start, end, replacement, layer: 'hub', policy: null, reason, detector: null };
}

function oneChange(message: Message, span: Span, to: string): (Span & { readonly replacement: string }) | null {
  const from = message.scalarAt(span);
  if (typeof from !== 'string') return null;
  const less = from.length - to.length;
  const shorter = Math.min(from.length, to.length);
  let kept = 0;
  while (kept < shorter && from[kept] === to[kept]) kept++;
  const restOfFrom = from.slice(kept + Math.max(0, less));
  if (restOfFrom !== to.slice(kept + Math.max(0, -less))) return null;
  const start = offsetOf(message.raw, span.start + 1, kept);
  const put = JSON.stringify(to.slice(kept, kept + Math.max(0, -less))).slice(1, -1);
  return { start, end: offsetOf(message.raw, start, Math.max(0, less)), replacement: put };
}

/** Where the UTF-16 unit that comes `units` after `at` begins, inside a JSON string that has so many. */
function offsetOf(raw: Buffer, at: number, units: number): number {
  let offset = at;
  for (let left = units; left > 0; left--) {
    const byte = raw[offset] ?? 0;
    if (byte === backslash) offset += raw[offset + 1] === letterU ? 6 : 2;
    else if (byte < 0x80) offset += 1;
    else if (byte < 0xe0) offset += 2;
    else if (byte < 0xf0) offset += 3;
    else {
      // Beyond the basic plane: two units in one character.
      offset += 4;
      left--;
    }
  }
  return offset;
}

const backslash = 92;
const letterU = 117;
