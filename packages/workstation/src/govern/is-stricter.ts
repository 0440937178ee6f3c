import type { PolicyAction } from '@mcpvault/domain/policy/action';
import type { Policy } from '@mcpvault/domain/policy/policy';

/** What takes something away, stops something, or tells somebody. To set an argument is to say something else instead. */
const stricter: ReadonlySet<PolicyAction['type']> = new Set([
  ...(['refuse', 'hold', 'redact', 'unset', 'notice', 'tag', 'alert', 'quarantine'] as const),
]);

/** Whether a policy can only refuse, hold, redact and tell more than the hub's do. */
export function isStricter({ actions }: Policy): boolean {
  return actions.every(({ type }) => stricter.has(type));
}
