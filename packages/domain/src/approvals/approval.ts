// A held call’s request for a person’s yes. It is bound to who asked, to what they asked and to the policies that held it, in
// the versions of that moment; it is good once, or for the conversation, and only for a time.
import type { PolicyId } from '../ids.ts';
import type { Hold } from '../policy/effect.ts';

/**
 * `pending`: waits for a decision. `approved`: may be used. `used`: was, and is over. `refused`: somebody said no.
 * `withdrawn`: its asker gave up. `expired`: nobody decided, or used it, in time.
 */
export const approvalStates = ['pending', 'approved', 'used', 'refused', 'withdrawn', 'expired'] as const;
export type ApprovalState = (typeof approvalStates)[number];

/** `session`: every call of this tool in this conversation, whatever its arguments, as long as the policies stay as they are. */
export const approvalScopes = ['once', 'session'] as const;
export type ApprovalScope = (typeof approvalScopes)[number];

export type ApprovalHappening = 'approve' | 'refuse' | 'withdraw' | 'use' | 'expire';

/** What becomes of a request; null is what cannot happen to it. An approval for a conversation stays approved when used. */
export const approvalLife: Readonly<Record<ApprovalState, Readonly<Record<ApprovalHappening, ApprovalState | null>>>> =
  {
    pending: { approve: 'approved', refuse: 'refused', withdraw: 'withdrawn', use: null, expire: 'expired' },
    approved: { approve: null, refuse: 'refused', withdraw: null, use: 'used', expire: 'expired' },
    used: { approve: null, refuse: null, withdraw: null, use: null, expire: null },
    refused: { approve: null, refuse: null, withdraw: null, use: null, expire: null },
    withdrawn: { approve: null, refuse: null, withdraw: null, use: null, expire: null },
    expired: { approve: null, refuse: null, withdraw: null, use: null, expire: null },
  };

/** What the policies that hold a call demand, all together: the strictest of each. */
export interface ApprovalTerms {
  /** How many different people have to say yes. */
  readonly needed: number;
  /** Who may: one of each list. No list: whoever may decide on held calls. */
  readonly from: readonly (readonly string[])[];
  /** For a decision. */
  readonly minutes: number;
  /** Whether it may be given for the whole conversation. */
  readonly sessions: boolean;
}

export const usualMinutes = 60;
/** For the same call to be sent again, once somebody said yes; of a conversation, for all of its calls. */
export const goodForMinutes = { once: 15, session: 12 * 60 } as const;

export function termsOf({ policies }: Pick<Hold, 'policies'>): ApprovalTerms {
  return {
    needed: Math.max(1, ...policies.map(({ approvers }) => approvers ?? 1)),
    from: policies.flatMap(({ from }) => (from === undefined ? [] : [from])),
    minutes: Math.min(...policies.map(({ minutes }) => minutes ?? usualMinutes)),
    sessions: !policies.some(({ once }) => once === true),
  };
}

/** Whether what was approved is all that holds the call now: the same policies, in the same versions. */
export function covers(
  approved: readonly { readonly policy: PolicyId; readonly version: number }[],
  { policies }: Pick<Hold, 'policies'>,
): boolean {
  return policies.every(({ policy, version }) =>
    approved.some((one) => one.policy === policy && one.version === version),
  );
}

/** What the votes of different people come to: one no is a no. */
export function outcomeOf(votes: readonly { readonly says: 'approve' | 'refuse' }[], needed: number): ApprovalState {
  if (votes.some(({ says }) => says === 'refuse')) return 'refused';
  return votes.filter(({ says }) => says === 'approve').length >= needed ? 'approved' : 'pending';
}
