// A call that policies hold: it waits in its client, as well as that client can wait, until somebody decided. A legacy client
// waits for the answer, with a question to its person or with signs of progress; a modern one comes back round by round; one
// that can do neither is told to send the same call again. Nothing is sent upstream from here, and nothing is decided.
import type { ApprovalId } from '@mcpvault/domain/ids';
import { principalOf } from '@mcpvault/domain/identity/caller';
import { canonicalCall } from '@mcpvault/domain/approvals/canonical-call';
import type { Refusal, Verdict } from '@mcpvault/domain/pipeline/outcome';
import type { Hold } from '@mcpvault/domain/policy/effect';
import type { ApprovalTrace } from '@mcpvault/domain/policy/rule-trace';
import { apply } from '@mcpvault/domain/redaction/apply';
import { memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { ApprovalPort, HoldStanding, Usable } from '../../ports.ts';
import type { Link } from '../../upstream/link.ts';
import type { Conversation } from '../conversation.ts';
import type { Core } from '../core.ts';
import { resultTo } from '../local-answers.ts';
import type { Outlet } from '../outlet.ts';
import { elicitsOf } from './elicits.ts';
import {
  digestOf,
  type HeldState,
  heldStates,
  isOurs,
  requestStateIn,
  roundMembers,
  withoutRound,
} from './held-state.ts';
import {
  answerIn,
  asObject,
  lateRefusal,
  progressOf,
  questionKey,
  questionOf,
  refusedRefusal,
  waitingRefusal,
  withdrawnRefusal,
} from './held-words.ts';

export interface HeldCallPlan {
  readonly core: Core;
  readonly conversation: Conversation;
  readonly usable: Usable | null;
  readonly message: Message;
  readonly bareName: string | null;
  readonly outlet: Outlet;
  /** What policies think of the call at that moment. */
  again(): Verdict;
}

export type HeldEnd =
  /** It may go on, edited as this verdict says. */
  | { readonly kind: 'released'; readonly verdict: Verdict }
  | { readonly kind: 'refused'; readonly verdict: Verdict; readonly refusal: Refusal }
  /** The client is asked to come back: an answer for now. */
  | { readonly kind: 'asked'; readonly verdict: Verdict; readonly refusal: Refusal; readonly answer: Buffer };

type Pending = Extract<HoldStanding, { readonly kind: 'pending' }>;

/** Milliseconds that clients surely wait for an answer; many give up after a minute. */
const surePatience = 45_000;
const progressEvery = 10_000;
/** Methods whose answers may ask the client to come back. */
const inRounds: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

export class HeldCall {
  readonly #plan: HeldCallPlan;
  readonly #approvals: ApprovalPort;
  readonly #target: string | null;
  /** What an approval is for, whatever round it is in. */
  readonly #asked: string;
  readonly #began: number;
  readonly #over = new AbortController();
  #waiting: AbortController | null = null;
  #pending: ApprovalId | null = null;
  /** The question that its person has not answered yet. */
  #question: string | null = null;
  #hasAsked = false;
  #declined = false;
  #progressAt = 0;
  #turns = 0;
  /** What held it when it was let go. */
  #heldBy = '';

  constructor(plan: HeldCallPlan, approvals: ApprovalPort) {
    const { message, bareName, core } = plan;
    this.#plan = plan;
    this.#approvals = approvals;
    this.#target = bareName ?? message.target;
    this.#asked = canonicalCall(message, this.#target, roundMembers);
    this.#began = core.host.ambient.clock.now();
  }

  /** True while it waits for a person, so that no server is to blame for the time it takes. */
  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  async run(first: Verdict): Promise<HeldEnd> {
    const { core, conversation, message } = this.#plan;
    const state = conversation.era === 'modern' ? requestStateIn(message) : null;
    if (state !== null && !isOurs(state)) {
      this.#heldBy = heldBy(first);
      const known = core.continuations.take(conversation.owner, `${this.#heldBy} ${this.#asked}`, state);
      if (known) return { kind: 'released', verdict: first };
    }
    const round = isOurs(state) ? this.#opened(state) : null;
    if (isOurs(state) && round === null) return refused(first, unknownState);
    if (round !== null) await this.#hear(first, round);
    let verdict = first;
    let waited = round?.approval ?? null;
    for (;;) {
      const hold = verdict.judgement?.hold ?? null;
      if (verdict.refusal !== null) return refused(verdict, verdict.refusal);
      if (hold === null) return { kind: 'released', verdict: this.#sent(verdict, round) };
      if (this.#declined)
        return refused(traced(verdict, round?.approval ?? this.#pending, 'withdrawn'), this.#taken(hold, round));
      const standing = await this.#approvals.ask(this.#request(hold, verdict, waited));
      if (standing.kind === 'approved') {
        this.#heldBy = heldBy(verdict);
        return { kind: 'released', verdict: this.#sent(traced(verdict, standing.id, 'approved', standing.by), round) };
      }
      if (standing.kind === 'refused') {
        return refused(traced(verdict, standing.id, 'refused', standing.by), refusedRefusal(hold, standing));
      }
      if (standing.kind === 'over') {
        const { id, why } = standing;
        if (why === 'expired') return refused(verdict, lateRefusal(hold, id));
        return refused(traced(verdict, id, 'withdrawn'), withdrawnRefusal(hold, id));
      }
      waited = standing.id;
      const end = await this.#wait(traced(verdict, standing.id, 'waiting'), hold, standing, { state, round });
      if (end !== null) return end;
      verdict = this.#plan.again();
    }
  }

  /** The server asks for more before it does what was approved: that the client comes back with it needs nobody's yes. */
  answered(answer: Message): void {
    const { core, conversation } = this.#plan;
    if (conversation.era !== 'modern' || answer.result === null) return;
    const span = memberAt(answer.text, answer.result, 'requestState');
    const state = span === null ? null : answer.scalarAt(span);
    if (typeof state === 'string') {
      core.continuations.remember(conversation.owner, `${this.#heldBy} ${this.#asked}`, state);
    }
  }

  /** The client gave up, or may ask nothing any more. */
  abandon(): void {
    const { conversation } = this.#plan;
    const pending = this.#pending;
    this.end();
    if (pending !== null) void this.#approvals.withdraw(conversation.caller.organization, pending);
  }

  /** The call is over, whatever became of it. */
  end(): void {
    this.#pending = null;
    this.#over.abort();
    this.#closeQuestion();
  }

  sweep(now: number): void {
    if (this.#waiting === null || this.#plan.conversation.era === 'modern') return;
    if (now < this.#progressAt + progressEvery) return;
    this.#progressAt = now;
    const progress = progressOf(this.#plan.message, ++this.#turns);
    if (progress !== null) this.#plan.outlet.event(progress);
  }

  #request(hold: Hold, { edits, findings }: Verdict, waited: ApprovalId | null): Parameters<ApprovalPort['ask']>[0] {
    const { core, conversation, message, usable } = this.#plan;
    const { caller, client, endpoint } = conversation;
    const about = {
      organization: caller.organization,
      member: caller.member,
      server: usable?.server.id ?? null,
      tool: message.method === 'tools/call' ? this.#target : null,
      conversation: core.memory.keyOf(conversation),
      caller,
    };
    const ours = isOurs(requestStateIn(message));
    return {
      ...{ hold, about, caller, client, endpoint, message, findings, waited },
      edits: ours ? withoutRound(message, edits) : edits,
      serverName: usable?.server.name ?? null,
      method: message.method ?? '',
      target: this.#target,
      // What a server asked for is part of what is approved.
      asked: ours ? this.#asked : canonicalCall(message, this.#target),
    };
  }

  /** null: look again. */
  async #wait(
    verdict: Verdict,
    hold: Hold,
    standing: Pending,
    { state, round }: { readonly state: string | null; readonly round: HeldState | null },
  ): Promise<HeldEnd | null> {
    const { core, conversation, message } = this.#plan;
    const now = core.host.ambient.clock.now();
    const toldToRetry = refused(verdict, waitingRefusal(hold, standing));
    const comesBack =
      conversation.era === 'modern' && inRounds.has(message.method ?? '') && (state === null || round !== null);
    this.#pending = standing.id;
    if (comesBack && round === null) return this.#comeBack(verdict, hold, standing, now + this.#approvals.patience);
    const until = comesBack
      ? Math.min(this.#began + surePatience, round?.deadline ?? 0)
      : this.#waitsUntil(hold, standing);
    if (this.#over.signal.aborted) return toldToRetry;
    if (until > now) {
      await this.#sleep(standing, Math.min(until, standing.until) - now);
      if (this.#declined) {
        await this.#approvals.withdraw(conversation.caller.organization, standing.id);
        return refused(traced(verdict, standing.id, 'withdrawn'), withdrawnRefusal(hold, standing.id));
      }
      if (this.#over.signal.aborted) return toldToRetry;
      // Asking now would begin anew.
      const isOver = core.host.ambient.clock.now() >= standing.until;
      return isOver ? refused(verdict, lateRefusal(hold, standing.id)) : null;
    }
    if (comesBack && round !== null && now < round.deadline) {
      return this.#comeBack(verdict, hold, standing, round.deadline);
    }
    return toldToRetry;
  }

  /** Of a legacy client: until when it can be kept waiting; 0 where it cannot. */
  #waitsUntil(hold: Hold, standing: Pending): number {
    const { conversation, message } = this.#plan;
    const { patience } = this.#approvals;
    if (conversation.era === 'legacy' && !this.#hasAsked) this.#ask(hold, standing);
    if (message.marks.progressToken !== null && this.#plan.outlet.reply.takesEvents) return this.#began + patience;
    return !this.#hasAsked ? 0 : this.#began + Math.min(patience, surePatience);
  }

  async #sleep({ id }: Pending, milliseconds: number): Promise<void> {
    const { conversation, core } = this.#plan;
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), milliseconds);
    const stop = (): void => waiting.abort();
    this.#over.signal.addEventListener('abort', stop);
    this.#waiting = waiting;
    this.sweep(core.host.ambient.clock.now());
    try {
      await this.#approvals.decided(conversation.caller.organization, id, waiting.signal);
    } finally {
      clearTimeout(timer);
      this.#over.signal.removeEventListener('abort', stop);
      this.#waiting = null;
    }
  }

  /** Asks a legacy client’s person, where it can ask them. */
  #ask(hold: Hold, standing: Pending): void {
    const { core, conversation, usable, outlet } = this.#plan;
    const { elicits } = conversation;
    if (elicits === null || usable === null) return;
    const { ambient } = core.host;
    const id = ambient.ids.next('ask');
    const params = questionOf(hold, standing, elicits, 'legacy');
    const raw = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method: 'elicitation/create', params }));
    const taken = conversation.ask(id, {
      request: parseMessage(raw, { maxDepth: 100, check: 'structure' }),
      link: this.#listener(),
      usable,
      renamed: false,
      at: ambient.clock.now(),
      answered() {},
      unanswered() {},
    });
    if (!taken) return;
    this.#question = id;
    this.#hasAsked = true;
    outlet.event(raw);
  }

  /** Where the answer to our question goes, in the place of a server. */
  #listener(): Link {
    const nowhere = (): never => {
      throw new Error('nothing is sent to whoever waits for an answer');
    };
    return {
      call: nowhere,
      tell: ({ message, edits }, taken) => {
        if (message.kind === 'result') {
          const said = asObject(JSON.parse(apply(message.raw, edits).toString()));
          void this.#heard(answerIn(said['result']), this.#pending);
        }
        this.#question = null;
        if (taken !== undefined) queueMicrotask(taken);
      },
      listen() {},
      close() {},
    };
  }

  /** What a modern client brings back with its state. */
  async #hear(first: Verdict, { approval }: HeldState): Promise<void> {
    const { message } = this.#plan;
    const { params } = asObject(JSON.parse(apply(message.raw, first.edits).toString()));
    const responses = asObject(asObject(params)['inputResponses']);
    await this.#heard(answerIn(responses[questionKey]), approval);
    if (this.#declined) await this.#approvals.withdraw(this.#plan.conversation.caller.organization, approval);
  }

  async #heard({ declined, note }: ReturnType<typeof answerIn>, id: ApprovalId | null): Promise<void> {
    if (note !== null && id !== null) {
      await this.#approvals.note(this.#plan.conversation.caller.organization, id, note);
    }
    if (!declined) return;
    this.#declined = true;
    this.#waiting?.abort();
  }

  #closeQuestion(): void {
    const { conversation, outlet } = this.#plan;
    if (this.#question === null) return;
    const asked = conversation.takeAsked(this.#question);
    if (asked !== null) {
      const params = { requestId: this.#question, reason: 'nobody waits for it any more' };
      outlet.event(Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })));
    }
    this.#question = null;
  }

  /** null for a state of another caller, or of another request. */
  #opened(state: string): HeldState | null {
    const { conversation, core } = this.#plan;
    const { organization } = conversation.caller;
    const opened = this.#states().open(state);
    if (opened === null || opened.organization !== organization) return null;
    if (opened.principal !== principalOf(conversation.caller) || opened.digest !== digestOf(this.#asked)) return null;
    // Long after it no client waits any more.
    return opened.deadline + surePatience > core.host.ambient.clock.now() ? opened : null;
  }

  #comeBack(verdict: Verdict, hold: Hold, standing: Pending, deadline: number): HeldEnd {
    const { conversation, message } = this.#plan;
    const { caller } = conversation;
    const isFirst = requestStateIn(message) === null;
    const elicits = isFirst ? elicitsOf(message) : null;
    const requestState = this.#states().seal({
      organization: caller.organization,
      principal: principalOf(caller),
      approval: standing.id,
      digest: digestOf(this.#asked),
      deadline,
    });
    const result = {
      resultType: 'input_required',
      ...(elicits !== null && {
        inputRequests: {
          [questionKey]: { method: 'elicitation/create', params: questionOf(hold, standing, elicits, 'modern') },
        },
      }),
      requestState,
    };
    // It goes on waiting, though nobody waits for its answer here.
    this.#pending = null;
    const answer = resultTo(message, JSON.stringify(result));
    return { kind: 'asked', verdict, refusal: waitingRefusal(hold, standing), answer };
  }

  #states() {
    const { core, conversation } = this.#plan;
    const { policing, ambient } = core.host;
    return heldStates(policing.key(conversation.caller.organization), ambient.random);
  }

  #taken(hold: Hold, round: HeldState | null): Refusal {
    const id = round?.approval ?? this.#pending;
    return id === null ? unknownState : withdrawnRefusal(hold, id);
  }

  /** What we added in a round stays between us and the client. */
  #sent(verdict: Verdict, round: HeldState | null): Verdict {
    return round === null ? verdict : { ...verdict, edits: withoutRound(this.#plan.message, verdict.edits) };
  }
}

const unknownState: Refusal = {
  code: 'invalid_params',
  reason: 'this requestState is not known here, or not any more; send the request again without it',
  policy: null,
};

function refused(verdict: Verdict, refusal: Refusal): HeldEnd {
  return { kind: 'refused', verdict, refusal };
}

function traced(
  verdict: Verdict,
  id: ApprovalId | null,
  said: ApprovalTrace['said'],
  by: ApprovalTrace['by'] = [],
): Verdict {
  const { judgement } = verdict;
  if (judgement === null || id === null) return verdict;
  return { ...verdict, judgement: { ...judgement, trace: { ...judgement.trace, approval: { id, said, by } } } };
}

/** The policies that hold it, in their versions. */
function heldBy({ judgement }: Verdict): string {
  const policies = judgement?.hold?.policies ?? [];
  return policies
    .map(({ policy, version }) => `${policy}@${version}`)
    .toSorted()
    .join(' ');
}
