// Writes down what happened: makes the record of one exchange and hands it to the host's recorder.
import type { Failure } from '@mcpvault/domain/failure';
import type { MessageOutcome } from '@mcpvault/domain/record/message-record';
import type { Direction } from '@mcpvault/domain/policy/policy';
import type { MessageTrace } from '@mcpvault/domain/policy/rule-trace';
import type { Verdict } from '@mcpvault/domain/pipeline/outcome';
import { apply } from '@mcpvault/domain/redaction/apply';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { mostFindings } from '@mcpvault/domain/pipeline/stages/inspect';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import type { GatewayHost, MessageDraft, Usable } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import { outlineOf, traceOf } from './outline.ts';
import { secretsUsed } from './secrets-used.ts';

const none: readonly never[] = [];
const nothing: Verdict = { refusal: null, edits: none, findings: none, judgement: null };

export interface Told {
  readonly conversation: Conversation;
  readonly usable: Usable | null;
  readonly direction: Direction;
  /** The request or notification. */
  readonly message: Message;
  readonly verdict: Verdict;
  /** When it was judged: epoch milliseconds and a monotonic clock's microseconds. */
  readonly at: number;
  readonly began: number;
  /** When it was handed to the server, on the same monotonic clock; null when it never was. */
  readonly sent: number | null;
}

export interface Ending {
  readonly outcome: MessageOutcome;
  readonly code: string | null;
  readonly reason: string | null;
  /** The answer as it came in, or as MCPVault made it. */
  readonly answer: Buffer | null;
  readonly verdict: Verdict | null;
}

export interface Scribe {
  /** `done` is called once the record cannot be lost any more. */
  write(told: Told, ending: Ending, done: (error: Error | null) => void): void;
  /** An answer that the endpoint gave without asking a server; `failure` is why it was no better one. */
  writeLocal(
    conversation: Conversation,
    message: Message,
    said: { readonly answer: Buffer; readonly failure: Failure | null },
    done: (error: Error | null) => void,
  ): void;
}

export function createScribe(host: GatewayHost): Scribe {
  const { ambient, recorder, log } = host;

  /**
   * What a line of the list says in clear text. A message that was refused before anybody inspected it is looked at here:
   * a secret stays one, whatever became of the message.
   */
  function namedIn(told: Told, { outcome, reason }: Ending): { target: string | null; reason: string | null } {
    const named = targetOf(told);
    const { message, verdict } = told;
    if (outcome !== 'refused' || named === null || named === redacted) return { target: named, reason };
    if (verdict.findings.length > 0 || !holdsSecret(told)) return { target: named, reason };
    const said = message.target?.slice(0, 200) ?? '';
    return { target: redacted, reason: said === '' ? reason : (reason?.replaceAll(said, redacted) ?? null) };
  }

  function holdsSecret({ message, conversation, usable, direction }: Told): boolean {
    const span = message.marks.target;
    if (span === null) return false;
    try {
      const policies = host.policies(conversation.caller.organization);
      const applying = policies.forServer(usable?.server.id ?? null, direction);
      const findings = applying?.inspector.inspect(message.raw, message.text, mostFindings) ?? none;
      return findings.some((finding) => touches(finding, span));
    } catch {
      return true;
    }
  }

  const scribe: Scribe = {
    writeLocal(conversation, message, { answer, failure }, done) {
      const at = ambient.clock.now();
      const began = ambient.clock.micros();
      const told: Told = {
        conversation,
        usable: null,
        direction: 'call',
        message,
        verdict: nothing,
        at,
        began,
        sent: null,
      };
      const outcome = failure === null ? 'answered' : 'failed';
      const { code = null, message: reason = null } = failure ?? {};
      scribe.write(told, { outcome, code, reason, answer, verdict: null }, done);
    },
    write(told, ending, done) {
      const { conversation, usable, message, verdict } = told;
      const { caller } = conversation;
      const now = ambient.clock.micros();
      const named = namedIn(told, ending);
      const draft: MessageDraft = {
        id: ambient.ids.next('msg'),
        organization: caller.organization,
        at: told.at,
        member: caller.member,
        token: caller.token,
        conversation: conversation.id,
        client: conversation.client,
        endpoint: conversation.endpoint,
        server: usable?.server.id ?? null,
        serverName: usable?.server.name ?? null,
        direction: told.direction,
        method: (message.method ?? '').slice(0, 200),
        target: named.target,
        protocol: conversation.protocol,
        outcome: ending.outcome,
        code: ending.code,
        reason: named.reason,
        durationUs: Math.max(0, Math.round(now - told.began)),
        upstreamUs: told.sent === null ? null : Math.max(0, Math.round(now - told.sent)),
        requestEdits: recorded(verdict.edits),
        responseEdits: ending.verdict?.edits ?? none,
        requestFindings: verdict.findings,
        responseFindings: ending.verdict?.findings ?? none,
        role: caller.role,
        actedBy: caller.actedBy?.member ?? null,
        parameters: outlineOf(message, verdict.findings),
        trace: traceOf(message),
        judged: judgedBy(told, ending),
        secrets: told.sent === null || usable === null ? null : secretsUsed(usable.server, caller, host.credentials),
      };
      try {
        recorder.append(draft, message.raw, ending.answer, done);
      } catch (error) {
        log.error({ err: error }, 'the recorder threw, which is a bug');
        queueMicrotask(() => done(error instanceof Error ? error : new Error('the recorder threw')));
      }
    },
  };
  return scribe;
}

/** What tokens stand for is not written down: the message is shown as the client sent it. */
function recorded(edits: readonly Edit[]): readonly Edit[] {
  return edits.some(({ restores }) => restores === true) ? edits.filter(({ restores }) => restores !== true) : edits;
}

/** By the way each message travels: of what a server began, its own words are the result. */
function judgedBy({ direction, verdict }: Told, { verdict: answered }: Ending): MessageTrace | null {
  const began = verdict.judgement?.trace ?? null;
  const ended = answered?.judgement?.trace ?? null;
  const [call, result] = direction === 'call' ? [began, ended] : [ended, began];
  if (call === null && result === null) return null;
  return { ...(call !== null && { call }), ...(result !== null && { result }) };
}

/** The target as it was delivered: a policy's edit inside it must not be undone by the record. */
function targetOf({ message, verdict }: Told): string | null {
  const span = message.marks.target;
  if (span === null) return null;
  if (verdict.findings.some((finding) => touches(finding, span))) return redacted;
  const inside = verdict.edits.filter((edit) => touches(edit, span));
  if (inside.length === 0) return target(message);
  if (inside.some(({ policy, start, end }) => policy !== null || start < span.start || end > span.end)) return redacted;
  const moved = inside.map((edit) => ({ ...edit, start: edit.start - span.start, end: edit.end - span.start }));
  return String(JSON.parse(apply(message.raw.subarray(span.start, span.end), moved).toString())).slice(0, 500);
}

const redacted = '[redacted]';

function target(message: Message): string | null {
  return message.target?.slice(0, 500) ?? null;
}

function touches(place: Span, span: Span): boolean {
  return place.start < span.end && span.start < place.end;
}

/** Behind `"is`: a search for its first letter passes over most texts, one for the quote before it over none. */
const toolError = 'Error"';

/** How an answer of a server counts in the record. */
export function outcomeOf(answer: Message): MessageOutcome {
  if (answer.result === null) return 'error';
  if (!answer.text.includes(toolError, answer.result.start)) return 'answered';
  const span = memberAt(answer.text, answer.result, 'isError');
  return span !== null && answer.text.startsWith('true', span.start) ? 'tool_error' : 'answered';
}
