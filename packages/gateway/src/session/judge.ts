// Gathers the facts about a message and has the pipeline judge it.
import type { MemberId } from '@mcpvault/domain/ids';
import { type Caller, principalOf } from '@mcpvault/domain/identity/caller';
import { createPipeline, type Pipeline } from '@mcpvault/domain/pipeline/run';
import { type LimitState, limitHeaders } from '@mcpvault/domain/limits/exceeded';
import { isCounted } from '@mcpvault/domain/limits/limit';
import type { Verdict } from '@mcpvault/domain/pipeline/outcome';
import { stages } from '@mcpvault/domain/pipeline/stages';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { isListingMethod } from '@mcpvault/domain/pipeline/is-listing';
import { createAftermath, withoutHold } from './aftermath.ts';
import type { Conversation } from './conversation.ts';
import { FactsAbout, policiesFor } from './facts-about.ts';
import { ListVerdicts } from './list-verdicts.ts';
import { createFlowMemories } from './flow-memories.ts';
import { createFlowNotes } from './flow-notes.ts';
import type { SessionMemory } from './session-memory.ts';
import type { GatewayHost, GatewaySettings, Usable } from '../ports.ts';

export interface Judge {
  /** May this message travel to the server, and changed how? */
  call(message: Message, about: CallContext): CallVerdict;
  /** A call that was held is judged once more: much may have changed while it waited. Nothing is counted twice. */
  again(message: Message, about: CallContext): Verdict;
  /** What was held may go on: what follows from it follows now. */
  released(message: Message, about: CallContext, verdict: Verdict): void;
  /** May this message travel to the client, and changed how? `answers` is the request it answers, if any. */
  result(message: Message, answers: Message | null, about: ResultContext): Verdict;
  /** Counts a call of a member as under way until it has left. Every `enter` needs one `leave`. */
  enter(member: MemberId): void;
  leave(member: MemberId): void;
  /** True when the member has as many calls under way as may be. */
  isFull(member: MemberId): boolean;
  /** Calls under way, all members together. */
  underway(): number;
  /** Forgets what has not been used for long. */
  sweep(now: number): void;
}

export interface CallVerdict extends Verdict {
  /** Headers that say how the limits stand that apply to it; left out when none does. */
  readonly limits?: readonly (readonly [name: string, value: string])[];
}

export interface CallContext {
  readonly conversation: Conversation;
  readonly caller: Caller | null;
  readonly owner: MemberId | null;
  /** Where the message came from, and what its client calls itself. */
  readonly address: string | null;
  readonly client: string | null;
  readonly endpoint: string | null;
  readonly usable: Usable | null;
  readonly bareName: string | null;
  /** True for a message that is part of a call under way. */
  readonly counted?: boolean;
  /** True where somebody can be waited for; elsewhere what policies hold is refused. */
  readonly waits?: boolean;
}

export interface ResultContext {
  readonly conversation: Conversation;
  readonly caller: Caller;
  readonly address: string | null;
  readonly client: string | null;
  readonly endpoint: string | null;
  readonly usable: Usable;
  /** Of the request that is answered, where the endpoint offers it under another. */
  readonly bareName?: string | null;
}

const lists: ReadonlySet<string> = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);
/** For lists whose verdicts are remembered. */
const verdictBytes = 32 * 1024 * 1024;

export function createJudge(host: GatewayHost, settings: GatewaySettings, memory: SessionMemory): Judge {
  const pipeline: Pipeline = createPipeline(
    stages.filter((stage) => stage.layers.includes('hub')),
    (stage, error) => host.log.error({ stage, err: error }, 'a pipeline stage threw; its message was refused'),
  );
  const verdicts = new ListVerdicts(verdictBytes);
  const after = createAftermath(host, memory);
  const flows = createFlowMemories(host.ambient.random);
  const notes = createFlowNotes(host, flows);
  const resultOf: Judge['result'] = (message, answers, about) => {
    const { conversation, caller, address, client, endpoint, usable, bareName = null } = about;
    const { server } = usable;
    const direction = isListingMethod(answers?.method) ? 'listing' : 'result';
    const tool = answers?.method === 'tools/call' ? (bareName ?? answers.target) : null;
    const now = host.ambient.clock.now();
    const verdict = pipeline.judge(
      { direction: 'result', message, answers, endpoint },
      {
        caller,
        owner: null,
        server,
        reach: usable.reach,
        circumstances: { now, address, client },
        bareName,
        policies: policiesFor(host, { caller, server: server.id, direction, tool, conversation }),
        message: new FactsAbout(host, memory, flows, { conversation, caller, server: server.id }, now),
        underway: 0,
        maxUnderway: settings.maxConcurrentCalls,
        exceeded: null,
        recording: true,
      },
    );
    after.result(verdict, { caller, server, tool, conversation });
    if (host.policies(caller.organization).readsFlow && direction === 'result' && verdict.refusal === null)
      notes.read(message, verdict, { conversation, server, tool });
    return verdict;
  };
  const underway = new Map<MemberId, number>();
  let total = 0;

  function callOf(message: Message, about: CallContext, exceeded: LimitState | null): Verdict {
    const { conversation, caller, owner, address, client, endpoint, usable, bareName, counted = false } = about;
    const server = usable?.server ?? null;
    const id = server?.id ?? null;
    const tool = toolOf(message, about);
    const now = host.ambient.clock.now();
    return pipeline.judge(
      { direction: 'call', message, answers: null, endpoint },
      {
        caller,
        owner,
        server,
        reach: usable?.reach ?? null,
        circumstances: { now, address, client },
        bareName,
        policies:
          caller === null ? null : policiesFor(host, { caller, server: id, direction: 'call', tool, conversation }),
        message: new FactsAbout(host, memory, flows, { conversation, caller, server: id }, now),
        underway: caller === null ? 0 : (underway.get(principalOf(caller)) ?? 0) - (counted ? 1 : 0),
        maxUnderway: settings.maxConcurrentCalls,
        exceeded,
        recording: caller === null || host.recorder.accepts(caller.organization),
      },
    );
  }

  function applyingTo({ kind, method, target }: Message, { caller, usable, bareName, counted }: CallContext) {
    if (caller === null || usable === null || counted === true || kind !== 'request' || !isCounted(method)) return null;
    const tool = method === 'tools/call' ? (bareName ?? target) : null;
    return host.limits.applying(caller.organization, { caller, server: usable.server.id, tool });
  }

  return {
    call(message, about) {
      const applying = applyingTo(message, about);
      const judged = callOf(message, about, applying?.states.find(({ standing }) => standing.left < 1) ?? null);
      const verdict = about.waits === true && host.policing.approvals !== null ? judged : withoutHold(judged);
      const { caller, conversation, usable } = about;
      const server = usable?.server.id ?? null;
      if (caller !== null) {
        after.call(verdict, { caller, server, tool: toolOf(message, about), conversation });
        if (host.policies(caller.organization).readsFlow && verdict.refusal === null && verdict.judgement?.hold == null)
          notes.said(message, conversation);
      }
      if (applying === null) return verdict;
      // What a policy refuses was tried all the same.
      const { refusal } = verdict;
      const isTaken = refusal === null || refusal.code === 'refused_by_policy';
      if (isTaken) applying.take();
      return { ...verdict, limits: limitHeaders(applying.states, isTaken) };
    },
    again(message, about) {
      const verdict = callOf(message, { ...about, counted: true }, null);
      const { caller, conversation, usable } = about;
      const server = usable?.server.id ?? null;
      if (caller !== null && verdict.refusal !== null)
        after.call(verdict, { caller, server, tool: toolOf(message, about), conversation });
      return verdict;
    },
    released(message, about, verdict) {
      const { conversation, caller, usable } = about;
      const server = usable?.server.id ?? null;
      if (caller === null) return;
      after.released(verdict, { caller, server, tool: toolOf(message, about), conversation });
      if (host.policies(caller.organization).readsFlow) notes.approved(message, conversation);
    },
    result(message, answers, about) {
      const method = answers?.method;
      const { caller, usable, conversation } = about;
      if (method == null || !lists.has(method) || usable.reach.changes) return resultOf(message, answers, about);
      const listing = { caller, server: usable.server.id, direction: 'listing', tool: null, conversation } as const;
      if (policiesFor(host, listing)?.isPlain === false) return resultOf(message, answers, about);
      const key = `${usable.server.version} ${method} ${principalOf(caller)}`;
      const list = { key, message, policies: host.policies(caller.organization), reach: usable.reach };
      const known = verdicts.find(list);
      if (known !== null) return known;
      const verdict = resultOf(message, answers, about);
      if (verdict.refusal === null) verdicts.keep(list, verdict);
      return verdict;
    },
    enter(member) {
      underway.set(member, (underway.get(member) ?? 0) + 1);
      total++;
    },
    leave(member) {
      const left = (underway.get(member) ?? 1) - 1;
      if (left <= 0) underway.delete(member);
      else underway.set(member, left);
      total--;
    },
    isFull: (member) => (underway.get(member) ?? 0) >= settings.maxConcurrentCalls,
    underway: () => total,
    sweep: (now) => flows.sweep(now),
  };
}

function toolOf({ method, target }: Message, { bareName }: Pick<CallContext, 'bareName'>): string | null {
  return method === 'tools/call' ? (bareName ?? target) : null;
}
