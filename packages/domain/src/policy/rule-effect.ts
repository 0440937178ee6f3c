// What a rule's actions come to, as its trace names them: the strongest counts.
import type { RuleTrace } from './rule-trace.ts';

export type RuleEffect = 'refused' | 'held' | 'edited' | 'allowed';

/** null for a rule that did not match. Where edits were asked for there may have been nothing to edit. */
export function effectOfRule(rule: RuleTrace): RuleEffect | null {
  if (rule.said === 'missed' || (rule.said === 'failed' && rule.actions.length === 0)) return null;
  const does = (...types: readonly string[]) => rule.actions.some((action) => types.includes(action));
  if (does('refuse', 'quarantine')) return 'refused';
  if (does('hold')) return 'held';
  return does('redact', 'set', 'unset') ? 'edited' : 'allowed';
}
