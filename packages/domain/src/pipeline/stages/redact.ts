import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { type Span, walkObject } from '@mcpvault/protocol/jsonrpc/scan';
import { decide } from '../../policy/decide.ts';
import type { Judge, Stage } from '../stage.ts';

/** Turns findings into edits or a refusal, as the policies say. */
const act: Judge = (exchange, facts, findings) => {
  if (facts.policies === null || findings.length === 0) return null;
  const opaque = opaqueSpans(exchange.message);
  const judged = findings.filter((finding) => !opaque.some((span) => touches(span, finding)));
  if (judged.length === 0) return null;
  const { refusal, edits } = decide(facts.policies, judged, exchange.message.raw);
  if (refusal !== null) return { kind: 'refuse', refusal };
  return edits.length === 0 ? null : { kind: 'edits', edits };
};

/**
 * What one side hands the other only to get it back byte for byte: ids, cursors, the state of a multi-round request.
 * Changing it would lose the answer or the state, and it tells its maker nothing new. The finding stays on record.
 */
function opaqueSpans(message: Message): readonly Span[] {
  const { text, idSpan, params, result } = message;
  const spans: Span[] = idSpan === null ? [] : [idSpan];
  for (const body of [params, result]) {
    if (body === null || text.charCodeAt(body.start) !== openBrace) continue;
    walkObject(text, body.start, deepest, (key, _keyStart, start, end) => {
      if (opaqueMembers.has(key) && text.charCodeAt(start) === quote) spans.push({ start, end });
    });
  }
  const token = params === null ? null : message.marks.progressToken;
  return token === null ? spans : [...spans, token];
}

const opaqueMembers: ReadonlySet<string> = new Set(['requestState', 'cursor', 'nextCursor']);
const openBrace = 123;
const quote = 34;
/** Messages nested deeper than any bound allows never get here. */
const deepest = 100_000;

function touches(span: Span, place: { readonly start: number; readonly end: number }): boolean {
  return place.start < span.end && span.start < place.end;
}

export const redact: Stage = {
  name: 'redact',
  decides: 'what policies change in it, or that they refuse it',
  layers: ['hub', 'workstation'],
  call: act,
  result: act,
};
