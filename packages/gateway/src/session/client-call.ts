// One request of a client on its way to a server and back: judged, sent, answered, judged, recorded, delivered. The answer
// leaves only after its record cannot be lost any more.
import { Failure } from '@mcpvault/domain/failure';
import type { Verdict } from '@mcpvault/domain/pipeline/outcome';
import { apply } from '@mcpvault/domain/redaction/apply';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { failureError, refusalError, rpcError, statusOf } from '../downstream/rpc-error.ts';
import type { Usable } from '../ports.ts';
import type { Call, CallSink, Link, ModernHeaders } from '../upstream/link.ts';
import type { Conversation, Outlet, Underway } from './conversation.ts';
import type { Core } from './core.ts';
import { relayToClient } from './server-message.ts';
import { outcomeOf, type Ending, type Told } from './scribe.ts';

export interface CallPlan {
  readonly core: Core;
  readonly conversation: Conversation;
  readonly usable: Usable | null;
  readonly message: Message;
  /** The target's name as the server knows it, when the endpoint offers it under another. */
  readonly bareName: string | null;
  readonly modern: ModernHeaders | null;
  readonly outlet: Outlet;
  /** Opens or finds the link, only once the call was let through. May throw a `Failure`. */
  link(): Link;
  /** Sees a successful answer before it is delivered, e.g. to note the session that `initialize` opened. */
  answered?(answer: Message): void;
  /** Changes that the endpoint's own names need beside the target's. */
  readonly routing?: readonly Edit[];
  /** Called when the call is over, whatever came of it. */
  finished?(): void;
  /** Milliseconds without a sign of life after which the call fails; null waits as long as it takes. */
  readonly patience: number | null;
}

export class ClientCall implements CallSink, Underway {
  readonly #plan: CallPlan;
  readonly #at: number;
  readonly #began: number;
  #verdict: Verdict | null = null;
  #sent: number | null = null;
  #call: Call | null = null;
  #leave: (() => void) | null = null;
  #done = false;
  /** Milliseconds since the epoch; the sweep fails the call after it. */
  deadline = Number.POSITIVE_INFINITY;

  constructor(plan: CallPlan) {
    this.#plan = plan;
    this.#at = plan.core.host.ambient.clock.now();
    this.#began = plan.core.host.ambient.clock.micros();
  }

  begin(): void {
    const { core, conversation, message, usable, bareName, modern } = this.#plan;
    const about = {
      caller: conversation.caller,
      owner: conversation.owner,
      endpoint: conversation.endpoint,
      usable,
      bareName,
    };
    const judged = core.judge.call(message, about);
    const { routing } = this.#plan;
    const verdict = routing === undefined ? judged : { ...judged, edits: withRouting(judged.edits, routing) };
    this.#verdict = verdict;
    if (verdict.refusal !== null) {
      const { code, reason } = verdict.refusal;
      const answer = refusalError(message, verdict.refusal);
      return this.#finish({ outcome: 'refused', code, reason, answer, verdict: null }, answer, statusOf(code));
    }
    if (message.id !== null && conversation.calls.has(message.id)) {
      return this.fail(new Failure('invalid_request', 'a request with this id is under way already'));
    }
    this.#leave = core.judge.enter(conversation.caller.member);
    core.underway.add(this);
    if (message.id !== null) conversation.calls.set(message.id, this);
    this.#alive();
    if (conversation.era === 'modern')
      this.#plan.outlet.reply.onGone(() => this.cancel('the client closed the stream'));
    try {
      this.#sent = core.host.ambient.clock.micros();
      this.#call = this.#plan.link().call({ message, edits: verdict.edits }, modern, this);
    } catch (error) {
      this.fail(error instanceof Failure ? error : this.#bug(error));
    }
  }

  related(message: Message): void {
    if (this.#done) return;
    this.#alive();
    relayToClient(this.#plan, this.#plan.link(), message, (data) => this.#plan.outlet.event(data));
  }

  answer(message: Message, status: number): void {
    if (this.#done) return;
    const { core, conversation, usable } = this.#plan;
    if (usable === null) return this.fail(new Failure('internal', 'an answer came without a server'));
    let verdict: Verdict;
    try {
      verdict = core.judge.result(message, this.#plan.message, {
        caller: conversation.caller,
        endpoint: conversation.endpoint,
        usable,
      });
      if (message.result !== null) this.#plan.answered?.(message);
    } catch (error) {
      return this.fail(this.#bug(error));
    }
    if (verdict.refusal !== null) {
      const { code, reason } = verdict.refusal;
      const delivered = refusalError(this.#plan.message, verdict.refusal);
      const edits = [replaced(message, delivered, verdict)];
      const ending = { outcome: 'refused', code, reason, answer: message.raw, verdict: { ...verdict, edits } } as const;
      return this.#finish(ending, delivered, statusOf(code));
    }
    const delivered = apply(message.raw, verdict.edits);
    const ending = { outcome: outcomeOf(message), code: null, reason: null, answer: message.raw, verdict };
    this.#finish(ending, delivered, conversation.era === 'modern' ? modernStatus(message, status) : status);
  }

  fail(failure: Failure): void {
    if (this.#done) return;
    const { core, conversation, usable } = this.#plan;
    if (failure.code === 'session_not_found' && conversation.era === 'legacy') {
      queueMicrotask(() => conversation.end('the server has forgotten the session'));
    }
    if (usable !== null && failure.code.startsWith('upstream')) {
      core.host.observed(usable.server.id, { ready: false, reason: failure.message });
    }
    const answer = failureError(this.#plan.message, failure);
    const ending = { outcome: 'failed', code: failure.code, reason: failure.message, answer, verdict: null } as const;
    this.#finish(ending, answer, statusOf(failure.code));
  }

  cancel(reason: string): void {
    if (this.#done) return;
    this.#call?.cancel(reason);
    const answer = rpcError(this.#plan.message, 'cancelled', `cancelled: ${reason.slice(0, 200)}`);
    this.#finish({ outcome: 'cancelled', code: 'cancelled', reason: null, answer, verdict: null }, answer, 200);
  }

  /** Called by the sweep once the deadline has passed. */
  expire(): void {
    if (this.#plan.conversation.asked.size > 0) return this.#alive();
    this.#call?.cancel('MCPVault gave up waiting');
    const seconds = Math.round((this.#plan.patience ?? 0) / 1000);
    this.fail(
      new Failure('upstream_timeout', `the server "${this.#name}" gave no sign of life for ${seconds} seconds`),
    );
  }

  hasRoom(): boolean {
    return this.#plan.outlet.reply.hasRoom();
  }

  onRoom(resume: () => void): void {
    this.#plan.outlet.reply.onRoom(resume);
  }

  get #name(): string {
    return this.#plan.usable?.server.name ?? '';
  }

  #alive(): void {
    const { patience, core } = this.#plan;
    if (patience !== null) this.deadline = core.host.ambient.clock.now() + patience;
  }

  #finish(ending: Ending, delivered: Buffer, status: number): void {
    this.#done = true;
    const { core, conversation, message, outlet, usable } = this.#plan;
    this.#leave?.();
    core.underway.delete(this);
    this.#plan.finished?.();
    if (message.id !== null && conversation.calls.get(message.id) === this) conversation.calls.delete(message.id);
    const told: Told = {
      conversation,
      usable,
      direction: 'call',
      message,
      verdict: this.#verdict ?? { refusal: null, edits: [], findings: [] },
      at: this.#at,
      began: this.#began,
      sent: ending.outcome === 'refused' && ending.verdict === null ? null : this.#sent,
    };
    core.scribe.write(told, ending, (error) => {
      if (error === null || core.host.recorder.accepts(conversation.caller.organization)) {
        return outlet.answer(delivered, status);
      }
      const failure = new Failure('record_unavailable', 'the answer was held back because it could not be recorded');
      outlet.answer(failureError(message, failure), statusOf(failure.code));
    });
  }

  #bug(error: unknown): Failure {
    this.#plan.core.host.log.error({ err: error }, 'a call failed for a reason that is a bug');
    return new Failure('internal', 'something went wrong inside MCPVault');
  }
}

/** The one edit that stands for an answer that policies kept back whole. */
function replaced(original: Message, delivered: Buffer, verdict: Verdict): Edit {
  return {
    start: 0,
    end: original.raw.length,
    replacement: delivered.toString('utf8'),
    layer: 'hub',
    policy: verdict.refusal?.policy ?? null,
    reason: verdict.refusal?.reason ?? '',
    detector: null,
  };
}

function withRouting(edits: readonly Edit[], routing: readonly Edit[]): readonly Edit[] {
  const rest = edits.filter((edit) => !routing.some((own) => edit.start < own.end && own.start < edit.end));
  return [...rest, ...routing].sort((a, b) => a.start - b.start);
}

/** Modern errors show in the HTTP status, also when the server spoke over a transport that has none. */
function modernStatus(answer: Message, status: number): number {
  if (answer.error === null || status !== 200) return status;
  const error = answer.valueAt(answer.error) as { code?: unknown } | null;
  if (error?.code === -32601) return 404;
  return error?.code === -32020 || error?.code === -32021 || error?.code === -32022 ? 400 : 200;
}
