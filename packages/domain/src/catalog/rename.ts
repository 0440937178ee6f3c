// Writes a target's own name where a client wrote another, as the smallest change: what stays of the client's text stays
// where it was, so that a policy's redaction inside a name is not undone by renaming it.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import type { Edit } from '../redaction/edit.ts';

/**
 * The edit that makes `to` of the JSON string at `span`. Where `to` is the string with one part taken out, only that part
 * is cut, whatever escapes the client wrote; otherwise the whole string is replaced, and then `to` must not be made of the
 * client's words.
 */
export function renamed(message: Message, span: Span, to: string, reason: string): Edit {
  const { start, end } = cutFor(message, span, to) ?? span;
  const whole = start === span.start && end === span.end;
  const replacement = whole ? JSON.stringify(to) : '';
  return { start, end, replacement, layer: 'hub', policy: null, reason, detector: null };
}

function cutFor(message: Message, span: Span, to: string): Span | null {
  const from = message.scalarAt(span);
  if (typeof from !== 'string') return null;
  const less = from.length - to.length;
  if (less <= 0) return null;
  let kept = 0;
  while (kept < to.length && from[kept] === to[kept]) kept++;
  if (from.slice(kept + less) !== to.slice(kept)) return null;
  const start = offsetOf(message.raw, span.start + 1, kept);
  return { start, end: offsetOf(message.raw, start, less) };
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
