import type { FailureCode } from '../failure.ts';
import type { PolicyId } from '../ids.ts';
import type { Finding } from '../inspection/finding.ts';
import type { Effect, Hold } from '../policy/effect.ts';
import type { SideTrace } from '../policy/rule-trace.ts';
import type { Edit } from '../redaction/edit.ts';

/** Why a message does not go on: a code for machines, a reason for people. */
export interface Refusal {
  readonly code: FailureCode;
  readonly reason: string;
  /** The policy that refused; null when access, limits or the message itself were the reason. */
  readonly policy: PolicyId | null;
  /** More for machines; no secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What policies said, beyond what they found and edited. */
export interface Judgement {
  readonly trace: SideTrace;
  /** Somebody has to say yes first. */
  readonly hold: Hold | null;
  readonly effects: readonly Effect[];
}

/** What one stage says about one exchange; null lets it go on as it is. */
export type Outcome =
  | null
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | { readonly kind: 'edits'; readonly edits: readonly Edit[] }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** What policies decided, all in one. */
  | ({ readonly kind: 'judged'; readonly refusal: Refusal | null; readonly edits: readonly Edit[] } & Judgement);

export function refuse(code: FailureCode, reason: string, policy: PolicyId | null = null): Outcome {
  return { kind: 'refuse', refusal: { code, reason, policy } };
}

/** What all stages together say. Edits are sorted, disjoint, and refer to the message's original bytes. */
export interface Verdict {
  readonly refusal: Refusal | null;
  readonly edits: readonly Edit[];
  readonly findings: readonly Finding[];
  /** null when no policy looked at it. */
  readonly judgement: Judgement | null;
}
