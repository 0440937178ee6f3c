// What each policy did, added up from what its rules said about recorded messages.
import type { PolicyId } from '@mcpvault/domain/ids';
import { effectOfRule } from '@mcpvault/domain/policy/rule-effect';
import { readRuleTrace } from '@mcpvault/domain/policy/rule-trace';
import type { RuleCount } from '@mcpvault/store/policy-hits-view';

export interface PolicyHits {
  readonly policy: PolicyId;
  readonly asked: number;
  readonly matched: number;
  /** Stopped or changed something. */
  readonly acted: number;
  /** Matched, and only watched. */
  readonly watched: number;
  readonly failed: number;
  /** Milliseconds since the epoch: when it last matched. */
  readonly lastAt: number | null;
}

type Sums = { -readonly [Key in keyof PolicyHits]: PolicyHits[Key] };

/** `version` counts one version of each policy only. */
export function hitsOf(rules: readonly RuleCount[], isCounted: (policy: PolicyId, version: number) => boolean) {
  const sums = new Map<PolicyId, Sums>();
  for (const { rule, count, lastAt } of rules) {
    const trace = readRuleTrace(rule);
    if (trace === null || !isCounted(trace.policy, trace.version)) continue;
    const sum = sums.get(trace.policy) ?? nothingYet(trace.policy);
    sums.set(trace.policy, sum);
    sum.asked += count;
    if (trace.said === 'failed') sum.failed += count;
    const effect = effectOfRule(trace);
    if (effect === null) continue;
    sum.matched += count;
    sum.lastAt = Math.max(sum.lastAt ?? 0, lastAt);
    if (trace.said !== 'missed' && trace.shadow) sum.watched += count;
    else if (effect !== 'allowed') sum.acted += count;
  }
  return sums as ReadonlyMap<PolicyId, PolicyHits>;
}

function nothingYet(policy: PolicyId): Sums {
  return { policy, asked: 0, matched: 0, acted: 0, watched: 0, failed: 0, lastAt: null };
}
