// Which of what happened a receiver is told.
import type { AuditEvent } from './audit-event.ts';

export interface EventFilter {
  /** Operations such as `grants.create`, or all of an area as `grants.*`; empty: all. */
  readonly actions: readonly string[];
  /** Whether operations that were done are told, or only those that were refused. */
  readonly outcome: 'all' | 'refused';
  readonly calls: 'all' | 'refused' | 'none';
}

export const everything: EventFilter = { actions: [], outcome: 'all', calls: 'all' };

export function isWanted(event: AuditEvent, { actions, outcome, calls }: EventFilter): boolean {
  if (event.kind === 'call') return calls === 'all' || (calls === 'refused' && event.outcome === 'refused');
  if (outcome === 'refused' && event.outcome !== 'refused') return false;
  return actions.length === 0 || actions.some((wanted) => fits(event.action, wanted));
}

function fits(action: string, wanted: string): boolean {
  return wanted.endsWith('.*') ? action.startsWith(wanted.slice(0, -1)) : action === wanted;
}
