// What follows from a verdict besides what becomes of the message: what the conversation is remembered by, and what the host
// is told.
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Verdict } from '@mcpvault/domain/pipeline/outcome';
import type { Effect } from '@mcpvault/domain/policy/effect';
import type { EffectAbout, GatewayHost } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import type { SessionMemory } from './session-memory.ts';

export interface CallJudged {
  readonly caller: Caller;
  readonly server: ServerId | null;
  readonly tool: string | null;
  readonly conversation: Conversation;
}

export interface Aftermath {
  call(verdict: Verdict, about: CallJudged): void;
  /** Somebody said yes to what was held. */
  released(verdict: Verdict, about: CallJudged): void;
  result(verdict: Verdict, about: Omit<CallJudged, 'server'> & { readonly server: ServerEntry }): void;
}

export function createAftermath(host: GatewayHost, memory: SessionMemory): Aftermath {
  const carryOut = (effects: readonly Effect[], about: EffectAbout): void => {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'alert':
          host.policing.alerted(about, effect.alert);
          break;
        case 'label':
          memory.label(about.conversation, effect.labels);
          break;
        case 'token':
          memory.keepToken(about.conversation, effect.token, effect.text, effect.server);
          break;
        case 'quarantine':
          host.policing.quarantine(about, effect);
          break;
        case 'label-values':
          // Read together with the result itself, by `flow-notes`.
          break;
      }
    }
  };
  const aboutOf = ({ caller, server, tool, conversation }: CallJudged): EffectAbout => ({
    organization: caller.organization,
    member: caller.member,
    server,
    tool,
    conversation: memory.keyOf(conversation),
    caller,
  });
  const passed = (call: CallJudged, effects: readonly Effect[]): void => {
    if (effects.length === 0 && call.tool === null) return;
    const about = aboutOf(call);
    carryOut(effects, about);
    if (call.tool !== null) memory.called(about.conversation, call.server, call.tool);
  };
  return {
    call(verdict, call) {
      const { refusal, judgement } = verdict;
      const effects = judgement?.effects ?? none;
      if (refusal !== null) {
        const about = aboutOf(call);
        memory.refused(about.conversation);
        carryOut(effects, about);
      } else if (judgement?.hold != null) carryOut(effects.filter(isAlert), aboutOf(call));
      else passed(call, effects);
    },
    released(verdict, call) {
      passed(
        call,
        (verdict.judgement?.effects ?? none).filter((effect) => !isAlert(effect)),
      );
    },
    result({ refusal, judgement }, { server, ...call }) {
      const effects = judgement?.effects ?? none;
      if (effects.length === 0 && (call.tool === null || refusal !== null)) return;
      const about = aboutOf({ ...call, server: server.id });
      carryOut(effects, about);
      if (call.tool !== null && refusal === null) memory.read(about.conversation, server.name);
    },
  };
}

const none: readonly Effect[] = [];

function isAlert({ kind }: Effect): boolean {
  return kind === 'alert';
}

/** Where nobody can be asked, what is held is refused; it may be tried again when somebody can. */
export function withoutHold(verdict: Verdict): Verdict {
  const { judgement, refusal } = verdict;
  if (judgement?.hold == null || refusal !== null) return verdict;
  const [first] = judgement.hold.policies;
  return {
    ...verdict,
    edits: [],
    refusal: {
      code: 'approval_required',
      reason: `${judgement.hold.reason} Somebody has to approve this call, and nobody can be asked here; try again later, or ask an admin.`,
      policy: first?.policy ?? null,
    },
    judgement: { ...judgement, effects: judgement.effects.filter(isAlert) },
  };
}
