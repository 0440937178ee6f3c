// The ids of a hop in messages: what goes out carries ours, what comes back the client's own.
import { apply } from '@mcpvault/domain/redaction/apply';
import { combineEdits } from '@mcpvault/domain/redaction/combine-edits';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import { contextEdits } from './session-context.ts';

/**
 * The parts of a request as it goes out under an id of this hop, which also stands in for its progress token, with the
 * session context if it is to carry one. Throws `Failure('invalid_request')` where a client wrote two of those.
 */
export function underId(
  message: Message,
  edits: readonly Edit[],
  id: string,
  context: string | null,
): readonly Buffer[] {
  const { raw, idSpan, marks } = message;
  if (edits.length > 0 || marks.meta !== null || context !== null || idSpan === null) {
    const hop = [idSpan, marks.progressToken].filter((span) => span !== null).map((span) => splice(span, id));
    return [apply(raw, combineEdits([...hop, ...edits, ...contextEdits(message, context)]))];
  }
  return [raw.subarray(0, idSpan.start), Buffer.from(id, 'latin1'), raw.subarray(idSpan.end)];
}

/** As JSON text. */
export function idOf(message: Message): string {
  return message.idSpan === null ? 'null' : message.textAt(message.idSpan);
}

export function splice(span: Span, replacement: string): Edit {
  return { ...span, replacement, layer: 'hub', policy: null, reason: 'id of this hop', detector: null };
}

/** The id in a line that cannot be read as a message, if it stands at one of its ends as ids do. */
export function idNear(line: Buffer): number | null {
  const ends = [line.toString('latin1', 0, 200), line.toString('latin1', Math.max(0, line.length - 100))];
  for (const end of ends) {
    const match = /"id"\s*:\s*(\d{1,15})\s*[,}]/.exec(end);
    if (match !== null) return Number(match[1]);
  }
  return null;
}
