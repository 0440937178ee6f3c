// One request of a client on its way to a server and back: judged, sent, answered, judged, recorded, delivered. The answer
// leaves only after its record cannot be lost any more.
import { Failure, type FailureCode } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { Refusal, Verdict } from '@mcpvault/domain/pipeline/outcome';
import { apply } from '@mcpvault/domain/redaction/apply';
import { combineEdits } from '@mcpvault/domain/redaction/combine-edits';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { MalformedMessage, memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { goneFailure } from '../downstream/refusals.ts';
import { failureError, refusalError, rpcError, statusOf } from '../downstream/rpc-error.ts';
import type { ApprovalPort, Usable } from '../ports.ts';
import type { Call, CallSink, Link, ModernHeaders } from '../upstream/link.ts';
import type { Conversation } from './conversation.ts';
import type { Core, Waiting } from './core.ts';
import { HeldCall, type HeldEnd } from './held/held-call.ts';
import { isOurs, requestStateIn, withoutRound } from './held/held-state.ts';
import { heldBack } from './held-back.ts';
import type { CallContext } from './judge.ts';
import type { Outlet } from './outlet.ts';
import { type Ending, outcomeOf } from './scribe.ts';
import { relayToClient } from './server-message.ts';
import type { Underway } from './underways.ts';

export interface CallPlan {
  readonly core: Core;
  readonly conversation: Conversation;
  readonly usable: Usable | null;
  readonly message: Message;
  /** The target's name as the server knows it, when the endpoint offers it under another. */
  readonly bareName: string | null;
  readonly modern: ModernHeaders | null;
  readonly outlet: Outlet;
  /** Milliseconds without a sign of life after which the call fails; null waits as long as it takes. */
  readonly patience: number | null;
  /** Changes that the endpoint's own names need beside the target's. */
  readonly routing: readonly Edit[] | null;
  readonly endpoint: CallEndpoint;
}

/** The endpoint that a call belongs to. */
export interface CallEndpoint {
  /** Opens or finds the link, once the call was let through. May throw, or reject with, a `Failure`. */
  linkFor(call: CallPlan): Link | Promise<Link>;
  /**
   * The call is over, and its answer is about to be recorded and delivered. `answer` is the server's, when that is what
   * the client gets; `failure` is why there is none. Neither, when the call was refused or cancelled.
   */
  ended(call: CallPlan, answer: Message | null, failure: Failure | null): void;
  /** The server's answer to the same request, where it holds still; left out by endpoints that remember none. */
  known?(call: CallPlan): Message | null;
  /** What the endpoint itself must change in what the server says; left out where it changes nothing. */
  reworded?(call: CallPlan, said: Message): readonly Edit[];
}

/** Milliseconds after which a client without an answer is shown that somebody is at it, and again after each such time. */
const reassureEvery = 15_000;

export class ClientCall implements CallSink, Underway, Waiting {
  readonly #plan: CallPlan;
  readonly #at: number;
  readonly #began: number;
  #verdict: Verdict = unjudged;
  #sent: number | null = null;
  #link: Link | null = null;
  #call: Call | null = null;
  #entered = false;
  #done = false;
  #held: HeldCall | null = null;
  place = -1;
  /** Milliseconds since the epoch. */
  #deadline = Number.POSITIVE_INFINITY;
  #reassured: number;

  constructor(plan: CallPlan) {
    this.#plan = plan;
    const { clock } = plan.core.host.ambient;
    this.#at = clock.now();
    this.#began = clock.micros();
    this.#reassured = this.#at;
  }

  begin(): void {
    const { core, conversation, message, routing, modern, outlet } = this.#plan;
    const { owner } = conversation;
    const judged = core.judge.call(message, this.#aboutCall());
    for (const [name, value] of judged.limits ?? []) outlet.reply.header(name, value);
    this.#verdict = routing === null ? judged : { ...judged, edits: combineEdits([...routing, ...judged.edits]) };
    if (judged.refusal !== null) return this.#refuse(judged.refusal);
    if (message.id !== null && !conversation.calls.add(message.id, this)) {
      return this.fail(new Failure('invalid_request', 'a request with this id is under way already'));
    }
    core.judge.enter(owner);
    core.held.take(owner, message.raw.length);
    this.#entered = true;
    core.underway.add(this);
    this.#extend();
    if (modern !== null) outlet.reply.onGone(() => this.cancel('the client closed the stream'));
    const { approvals } = core.host.policing;
    if (approvals !== null && judged.judgement?.hold != null) return this.#hold(judged, approvals);
    // What held it may have changed since the client was told to come back.
    if (modern !== null && approvals?.lately === true && isOurs(requestStateIn(message))) {
      this.#verdict = { ...this.#verdict, edits: withoutRound(message, this.#verdict.edits) };
    }
    this.#goOn();
  }

  /** Waits for whoever has to say yes. Until then nothing is sent. */
  #hold(judged: Verdict, approvals: ApprovalPort): void {
    const { core, conversation, usable, message, bareName, outlet } = this.#plan;
    const again = (): Verdict => this.#judgedAgain();
    this.#held = new HeldCall({ core, conversation, usable, message, bareName, outlet, again }, approvals);
    this.#held.run(judged).then(
      (end) => this.#guarded(() => this.#decided(end)),
      (error: unknown) => this.#failWith(error),
    );
  }

  #decided(end: HeldEnd): void {
    if (this.#done) return;
    const { core, message, routing } = this.#plan;
    const { verdict } = end;
    this.#verdict = routing === null ? verdict : { ...verdict, edits: combineEdits([...routing, ...verdict.edits]) };
    this.#extend();
    switch (end.kind) {
      case 'released':
        core.judge.released(message, this.#aboutCall(), verdict);
        return this.#goOn();
      case 'refused':
        return this.#refuse(end.refusal);
      case 'asked': {
        const { answer, refusal } = end;
        const { code, reason } = refusal;
        this.#verdict = { ...verdict, refusal, edits: [] };
        this.#finish({ outcome: 'refused', code, reason, answer, verdict: null }, answer, 200);
      }
    }
  }

  /** Grants, the server and policies may have changed while it was held. */
  #judgedAgain(): Verdict {
    const { core, conversation, message, usable } = this.#plan;
    const still = usable === null ? null : core.host.catalog.byName(conversation.caller, usable.server.name);
    const verdict = core.judge.again(message, { ...this.#aboutCall(), usable: still });
    if (verdict.refusal !== null || still === null || still.server.version === usable?.server.version) return verdict;
    const reason = `the server "${still.server.name}" was changed while the call waited; send it again`;
    return { ...verdict, refusal: { code: 'approval_required', reason, policy: null } };
  }

  #aboutCall(): CallContext {
    const { conversation, usable, bareName } = this.#plan;
    const { caller, owner, address, client, endpoint } = conversation;
    return { conversation, caller, owner, address, client, endpoint, usable, bareName, waits: true };
  }

  #goOn(): void {
    if (this.#done) return;
    const known = this.#verdict.edits.length > 0 ? null : (this.#plan.endpoint.known?.(this.#plan) ?? null);
    if (known !== null) return this.#guarded(() => this.#answerWith(known));
    try {
      const link = this.#plan.endpoint.linkFor(this.#plan);
      if (!(link instanceof Promise)) return this.#send(link);
      link.then(
        (opened) => this.#send(opened),
        (error: unknown) => this.#failWith(error),
      );
    } catch (error) {
      this.#failWith(error);
    }
  }

  #refuse(refusal: Refusal): void {
    if (this.#done) return;
    const answer = refusalError(this.#plan.message, refusal);
    const { code, reason } = refusal;
    this.#verdict = { ...this.#verdict, refusal, edits: [] };
    this.#finish({ outcome: 'refused', code, reason, answer, verdict: null }, answer, this.#statusOf(code));
  }

  related(message: Message): void {
    const { usable, outlet } = this.#plan;
    if (this.#done || this.#link === null || usable === null) return;
    // Words without end are no sign that an answer will come, and may be lost on a client that does not keep up.
    if (message.method !== 'notifications/message') this.#extend();
    else if (!outlet.reply.hasRoom()) return;
    this.#guarded(() => {
      const still = this.#stillUsable(usable);
      if (still === null) return this.cancel('this server is no longer granted to you');
      if (this.#link !== null) relayToClient(this.#about(still), this.#link, message, (data) => outlet.event(data));
    });
  }

  #about(usable: Usable): Parameters<typeof relayToClient>[0] {
    const { core, conversation, endpoint } = this.#plan;
    if (endpoint.reworded === undefined) return { core, conversation, usable };
    return { core, conversation, usable, reworded: (message) => endpoint.reworded?.(this.#plan, message) ?? [] };
  }

  /** What waits for as long as it takes may outlast its grant. */
  #stillUsable(usable: Usable): Usable | null {
    const { core, conversation, patience } = this.#plan;
    return patience === null ? core.host.catalog.byName(conversation.caller, usable.server.name) : usable;
  }

  answer(message: Message, status: number): void {
    if (!this.#done) this.#guarded(() => this.#answered(message, status));
  }

  fail(failure: Failure): void {
    if (this.#done) return;
    const { core, message, usable } = this.#plan;
    if (usable !== null && failure.code.startsWith('upstream')) core.health.failed(usable.server.id, failure.message);
    const answer = failureError(message, failure);
    const ending = { outcome: 'failed', code: failure.code, reason: failure.message, answer, verdict: null } as const;
    this.#finish(ending, answer, this.#statusOf(failure.code), null, failure);
  }

  cancel(reason: string): void {
    if (this.#done) return;
    this.#held?.abandon();
    this.#call?.cancel(reason);
    const answer = rpcError(this.#plan.message, 'cancelled', `cancelled: ${reason.slice(0, 200)}`);
    this.#finish({ outcome: 'cancelled', code: 'cancelled', reason: null, answer, verdict: null }, answer, 200);
  }

  /** Why it does so is passed on as far as policies let it. */
  withdraw(notification: Message): void {
    if (this.#done) return;
    const { core, conversation, usable } = this.#plan;
    const { caller, owner, address, client, endpoint } = conversation;
    const about = { conversation, caller, owner, address, client, endpoint, usable, bareName: null };
    const verdict = core.judge.call(notification, about);
    const { params, text } = notification;
    const span = params === null || verdict.refusal !== null ? null : memberAt(text, params, 'reason');
    const reason = span === null || verdict.edits.length > 0 ? null : notification.scalarAt(span);
    this.cancel(typeof reason === 'string' ? reason.slice(0, 500) : 'the client cancelled');
  }

  sweep(now: number): void {
    if (this.#done) return;
    const { conversation, outlet, patience, usable } = this.#plan;
    this.#held?.sweep(now);
    if (now >= this.#reassured + reassureEvery) {
      this.#reassured = now;
      outlet.reassure();
    }
    if (now < this.#deadline) return;
    // The server may be waiting for the client, or the call for somebody’s yes.
    if (conversation.isAsked || this.#held?.isWaiting === true) return this.#extend();
    this.#call?.cancel('MCPVault gave up waiting');
    const name = usable?.server.name ?? '';
    const seconds = Math.round((patience ?? 0) / 1000);
    this.fail(new Failure('upstream_timeout', `the server "${name}" gave no sign of life for ${seconds} seconds`));
  }

  stop(): void {
    if (this.#plan.patience === null) this.cancel('the hub is stopping');
    // The request for a yes stands; the same call finds it again.
    else if (this.#held?.isWaiting === true)
      this.fail(new Failure('shutting_down', 'the hub is stopping; send the call again'));
  }

  get caller(): Caller {
    return this.#plan.conversation.caller;
  }

  revoke(): void {
    this.#held?.abandon();
    this.fail(goneFailure());
    this.#call?.cancel('its caller has no access any more');
  }

  alive(): void {
    if (!this.#done) this.#extend();
  }

  hasRoom(): boolean {
    return this.#plan.outlet.reply.hasRoom();
  }

  onRoom(resume: () => void): void {
    this.#plan.outlet.reply.onRoom(resume);
  }

  #send(link: Link): void {
    if (this.#done) return;
    const { core, message, modern } = this.#plan;
    this.#guarded(() => {
      this.#link = link;
      this.#sent = core.host.ambient.clock.micros();
      this.#call = link.call({ message, edits: this.#verdict.edits }, modern, this);
    });
  }

  #answerWith(known: Message): void {
    const { idSpan } = this.#plan.message;
    this.#deliver(idSpan === null ? known : known.withId(this.#plan.message.textAt(idSpan)), 200);
  }

  #answered(message: Message, status: number): void {
    const { core, usable } = this.#plan;
    if (usable !== null) core.health.answered(usable.server.id);
    this.#deliver(message, status);
  }

  #deliver(message: Message, status: number): void {
    const { core, conversation, usable, bareName, message: request } = this.#plan;
    if (usable === null) throw new Error('an answer came without a server');
    this.#held?.answered(message);
    const { caller, address, client, endpoint } = conversation;
    const about = { conversation, caller, address, client, endpoint, usable, bareName };
    const judged = core.judge.result(message, request, about);
    const own = this.#plan.endpoint.reworded?.(this.#plan, message) ?? [];
    const verdict = own.length === 0 ? judged : { ...judged, edits: combineEdits([...own, ...judged.edits]) };
    if (verdict.refusal !== null) {
      const { code, reason } = verdict.refusal;
      const delivered = refusalError(request, verdict.refusal);
      const edits = [heldBack(message, delivered.toString('utf8'), verdict)];
      const ending = { outcome: 'refused', code, reason, answer: message.raw, verdict: { ...verdict, edits } } as const;
      return this.#finish(ending, delivered, this.#statusOf(code));
    }
    const delivered = apply(message.raw, verdict.edits);
    const ending = { outcome: outcomeOf(message), code: null, reason: null, answer: message.raw, verdict };
    const shown = conversation.era === 'modern' ? modernStatus(message, status) : status;
    this.#finish(ending, delivered, shown, message);
  }

  /** Runs what a message of the server leads to: whatever is wrong with it, the client gets an answer. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failWith(error);
    }
  }

  #failWith(error: unknown): void {
    if (error instanceof Failure) return this.fail(error);
    if (error instanceof MalformedMessage) {
      const name = this.#plan.usable?.server.name ?? '';
      return this.fail(
        new Failure('upstream_invalid', `the server "${name}" sent something unreadable: ${error.message}`),
      );
    }
    this.#plan.core.host.log.error({ err: error }, 'a call failed for a reason that is a bug');
    this.fail(new Failure('internal', 'something went wrong inside MCPVault'));
  }

  /** Within a session, what its member may no longer use is refused like any call, so that people get to read why. */
  #statusOf(code: FailureCode): number {
    const { conversation, message } = this.#plan;
    const inSession = conversation.era === 'legacy' && message.method !== 'initialize';
    return code === 'forbidden' && inSession ? 200 : statusOf(code);
  }

  #extend(): void {
    const { patience, core } = this.#plan;
    if (patience !== null) this.#deadline = core.host.ambient.clock.now() + patience;
  }

  /** Whatever the endpoint makes of it, the client gets its answer. */
  #tellEndpoint(answer: Message | null, failure: Failure | null): void {
    const { core, endpoint } = this.#plan;
    try {
      endpoint.ended(this.#plan, answer, failure);
    } catch (error) {
      core.host.log.error({ err: error }, 'an endpoint could not take note of an answer, which is a bug');
    }
  }

  #finish(
    ending: Ending,
    delivered: Buffer,
    status: number,
    answer: Message | null = null,
    failure: Failure | null = null,
  ): void {
    this.#done = true;
    this.#held?.end();
    const { core, conversation, message, outlet, usable } = this.#plan;
    if (this.#entered) {
      core.judge.leave(conversation.owner);
      core.held.give(conversation.owner, message.raw.length);
      core.underway.delete(this);
      if (message.id !== null) conversation.calls.delete(message.id, this);
    }
    this.#tellEndpoint(answer, failure);
    const told = {
      conversation,
      usable,
      direction: 'call',
      message,
      verdict: this.#verdict,
      at: this.#at,
      began: this.#began,
      sent: this.#sent,
    } as const;
    core.scribe.write(told, ending, (error) => {
      if (error === null || core.host.recorder.accepts(conversation.caller.organization)) {
        return outlet.answer(delivered, status);
      }
      const lost = new Failure('record_unavailable', 'the answer was held back because it could not be recorded');
      outlet.answer(failureError(message, lost), statusOf(lost.code));
    });
  }
}

const unjudged: Verdict = { refusal: null, edits: [], findings: [], judgement: null };

/** Modern errors show in the HTTP status, also when the server spoke over a transport that has none. */
function modernStatus(answer: Message, status: number): number {
  if (answer.error === null || status !== 200) return status;
  const error = answer.valueAt(answer.error) as { code?: unknown } | null;
  if (error?.code === -32601) return 404;
  return error?.code === -32020 || error?.code === -32021 || error?.code === -32022 ? 400 : 200;
}
