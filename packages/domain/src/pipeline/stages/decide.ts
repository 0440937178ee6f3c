import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { type Span, walkObject } from '@mcpvault/protocol/jsonrpc/scan';
import type { Finding } from '../../inspection/finding.ts';
import type { CompiledPolicies } from '../../policy/compile.ts';
import { type Decision, decide as decideAll } from '../../policy/decide.ts';
import { bothDecisions } from '../../policy/layered-policies.ts';
import type { MessageValues } from '../../expression/message-variables.ts';
import { messageValues } from '../../policy/message-values.ts';
import { restoredTokens } from '../../policy/restored-tokens.ts';
import type { TeamId } from '../../ids.ts';
import type { Edit } from '../../redaction/edit.ts';
import type { Exchange, Facts } from '../exchange.ts';
import type { Outcome } from '../outcome.ts';
import type { Judge, Stage } from '../stage.ts';
import { isListing } from '../is-listing.ts';

/** What the policies make of the message; and what earlier ones put tokens for goes back to where it came from. */
const call: Judge = (exchange, facts, findings) => {
  const judged = facts.policies === null ? null : judgedBy(facts.policies, exchange, facts, findings);
  const restored = restores(exchange, facts);
  if (restored.length === 0) return judged;
  if (judged === null) {
    const trace = { rules: [], restored: restored.length };
    return { kind: 'judged', refusal: null, hold: null, edits: restored, trace, effects: [] };
  }
  if (judged.kind !== 'judged' || judged.refusal !== null) return judged;
  return { ...judged, edits: [...judged.edits, ...restored], trace: { ...judged.trace, restored: restored.length } };
};

const result: Judge = (exchange, facts, findings) =>
  facts.policies === null ? null : judgedBy(facts.policies, exchange, facts, findings);

function judgedBy(compiled: CompiledPolicies, exchange: Exchange, facts: Facts, findings: readonly Finding[]): Outcome {
  const { quiet, next } = compiled;
  if (findings.length === 0 && quiet !== null && next === undefined) return { kind: 'judged', ...quiet };
  const { message } = exchange;
  const opaque = findings.length === 0 ? [] : opaqueSpans(message);
  const judged = opaque.length === 0 ? findings : findings.filter((one) => !opaque.some((span) => touches(span, one)));
  const direction = exchange.direction === 'call' ? 'call' : isListing(exchange) ? 'listing' : 'result';
  let values: MessageValues | null = null;
  const ask = (layer: CompiledPolicies): Decision =>
    decideAll({
      compiled: layer,
      findings: judged,
      message,
      direction,
      // Most policies have no condition.
      get values() {
        return (values ??= messageValues(exchange, facts, direction));
      },
      facts: facts.message,
      server: facts.server?.id ?? null,
      caller: facts.caller?.member ?? null,
      teams: facts.caller?.teams ?? noTeams,
    });
  const decision = ask(compiled);
  if (next === undefined || decision.refusal !== null) return { kind: 'judged', ...decision };
  return { kind: 'judged', ...bothDecisions(decision, ask(next)) };
}

const noTeams: readonly TeamId[] = Object.freeze([]);

function restores({ message }: Exchange, { message: about, server }: Facts): readonly Edit[] {
  const found = restoredTokens(message, about.session, server?.id ?? null);
  return found.map((splice) => ({
    ...splice,
    layer: 'hub',
    policy: null,
    reason: 'what a token of this conversation stands for',
    detector: null,
    restores: true,
  }));
}

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

export const decide: Stage = {
  name: 'decide',
  decides: 'what policies make of it: refuse it, hold it, edit it, tag it',
  layers: ['hub', 'workstation'],
  call,
  result,
};
