// Which rules were asked about a message, and what each said: as few bytes as make sense, for it lies beside every message.
import type { ApprovalId, MemberId, PolicyId } from '../ids.ts';
import type { PolicyAlert } from './effect.ts';

export type RuleSaid =
  | { readonly said: 'matched'; readonly actions: readonly string[]; readonly shadow: boolean }
  /** `part`: the part of the condition that was false; null where the detectors found nothing. */
  | { readonly said: 'missed'; readonly part: number | null }
  /** The condition could not be evaluated. Where that counts as a match, the actions are there. */
  | { readonly said: 'failed'; readonly why: string; readonly actions: readonly string[]; readonly shadow: boolean };

export type RuleTrace = RuleSaid & { readonly policy: PolicyId; readonly version: number };

/** For example `pol_1@3+refuse,alert`, `pol_1@3-0`, `pol_1@3-f`, `pol_1@3!too_costly+refuse~`. */
export function writeRuleTrace(trace: RuleTrace): string {
  const rule = `${trace.policy}@${trace.version}`;
  if (trace.said === 'missed') return `${rule}-${trace.part ?? 'f'}`;
  const done = trace.actions.length === 0 && trace.said === 'failed' ? '' : `+${trace.actions.join(',')}`;
  return `${rule}${trace.said === 'failed' ? `!${trace.why}` : ''}${done}${trace.shadow ? '~' : ''}`;
}

const written = /^(pol_\w+)@(\d+)(?:-(\d+|f)|(?:!(\w+))?(?:\+([\w,]*))?(~)?)$/;

/** null for what `writeRuleTrace` cannot have written. */
export function readRuleTrace(text: string): RuleTrace | null {
  const match = written.exec(text);
  if (match === null) return null;
  const [, policy, version, missed, why, actions, shadow] = match;
  const rule = { policy: policy as PolicyId, version: Number(version) };
  if (missed !== undefined) return { ...rule, said: 'missed', part: missed === 'f' ? null : Number(missed) };
  const did = {
    actions: actions === undefined || actions === '' ? [] : actions.split(','),
    shadow: shadow !== undefined,
  };
  return why === undefined ? { ...rule, said: 'matched', ...did } : { ...rule, said: 'failed', why, ...did };
}

/** What policies said about one side of an exchange. Members that would be empty are left out. */
export interface SideTrace {
  /** As `writeRuleTrace` writes them, in the order in which the policies rank. */
  readonly rules: readonly string[];
  readonly tags?: readonly string[];
  readonly alerts?: readonly PolicyAlert[];
  /** How many tokens became what they stand for, on the way to the server. */
  readonly restored?: number;
  /** What shadows would have done that was not done: the strongest. */
  readonly would?: 'refused' | 'held' | 'edited';
  /** Of what was held: what somebody said to it. */
  readonly approval?: ApprovalTrace;
}

export interface ApprovalTrace {
  readonly id: ApprovalId;
  readonly said: 'waiting' | 'approved' | 'refused' | 'withdrawn';
  /** Who decided. */
  readonly by: readonly MemberId[];
}

export interface MessageTrace {
  readonly call?: SideTrace;
  readonly result?: SideTrace;
}
