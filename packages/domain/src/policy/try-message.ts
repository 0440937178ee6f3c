// One message judged by some policies and nothing else: for tests that travel with a policy, for trying a draft, and for
// running it over what was recorded. Nothing is sent, and nothing follows.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Finding } from '../inspection/finding.ts';
import type { MessageValues } from '../expression/message-variables.ts';
import type { Exchange, Facts } from '../pipeline/exchange.ts';
import { readingOf } from '../pipeline/reading-of.ts';
import { apply } from '../redaction/apply.ts';
import { combineEdits } from '../redaction/combine-edits.ts';
import type { PolicySet } from './compile.ts';
import { type Decision, decide } from './decide.ts';
import { messageValues } from './message-values.ts';
import type { PolicyDirection } from './policy.ts';

export interface Trial {
  readonly outcome: 'allowed' | 'edited' | 'held' | 'refused';
  readonly decision: Decision | null;
  readonly findings: readonly Finding[];
  /** The message with its edits; null when it is refused. */
  delivered(): Buffer | null;
}

export interface TrialMessage {
  readonly message: Message;
  readonly answers: Message | null;
  readonly direction: PolicyDirection;
  readonly facts: Omit<Facts, 'policies'>;
  /** What conditions are to read in place of what the message and the facts say. */
  readonly overlay?: (values: MessageValues) => MessageValues;
}

const mostFindings = 50_000;

/** Throws what detectors throw, such as `TooManyFindings`. */
export function tryMessage(set: PolicySet, { message, answers, direction, facts, overlay }: TrialMessage): Trial {
  const request = answers ?? message;
  const compiled = set.forMessage({
    server: facts.server?.id ?? null,
    direction,
    tool: request.method === 'tools/call' ? (facts.bareName ?? request.target) : null,
    caller: facts.caller,
    client: facts.message.client,
    workstation: facts.message.workstation,
  });
  const untouched = { outcome: 'allowed', decision: null, findings: [], delivered: () => message.raw } as const;
  if (compiled === null) return untouched;
  const exchange: Exchange = {
    direction: direction === 'call' ? 'call' : 'result',
    message,
    answers,
    endpoint: facts.server?.name ?? null,
  };
  const all: Facts = { ...facts, policies: compiled };
  const values = messageValues(exchange, all, direction);
  const findings =
    compiled.inspector.detectors.length === 0
      ? []
      : compiled.inspector.inspect(message.raw, message.text, mostFindings, readingOf(exchange));
  const decision = decide({
    compiled,
    findings,
    message,
    direction,
    values: overlay?.(values) ?? values,
    facts: facts.message,
    server: facts.server?.id ?? null,
    caller: facts.caller?.member ?? null,
    teams: facts.caller?.teams ?? [],
  });
  return {
    outcome: outcomeOf(decision),
    decision,
    findings,
    delivered: () => (decision.refusal !== null ? null : apply(message.raw, combineEdits(decision.edits))),
  };
}

function outcomeOf({ refusal, hold, edits }: Decision): Trial['outcome'] {
  if (refusal !== null) return 'refused';
  if (hold !== null) return 'held';
  return edits.length > 0 ? 'edited' : 'allowed';
}
