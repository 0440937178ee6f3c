import type { Tone } from '../../parts/badge.tsx';
import type { ItemOf } from '../../api/hub.ts';

export type Asked = ItemOf<'listApprovals'>;

/** What is asked, as its heading: `drop on warehouse`. */
export function wishOf({ target, method, server }: Pick<Asked, 'target' | 'method' | 'server'>): string {
  const what = target ?? method;
  return server === null ? what : `${what} on ${server.name}`;
}

export const stateLooks: Readonly<Record<Asked['state'], { readonly tone: Tone; readonly label: string }>> = {
  pending: { tone: 'warn', label: 'Waiting' },
  approved: { tone: 'ok', label: 'Approved' },
  used: { tone: 'ok', label: 'Approved and sent' },
  refused: { tone: 'bad', label: 'Refused' },
  withdrawn: { tone: 'neutral', label: 'Taken back' },
  expired: { tone: 'neutral', label: 'Expired' },
};

/** `Waiting`, `1 of 2 said yes`, `Approved for the session`. */
export function stateText({
  state,
  needed,
  votes,
  scope,
}: Pick<Asked, 'state' | 'needed' | 'votes' | 'scope'>): string {
  const yes = votes.filter(({ says }) => says === 'approve').length;
  if (state === 'pending' && needed > 1) return `${yes} of ${needed} said yes`;
  if (state === 'approved' && scope === 'session') return 'Approved for the session';
  return stateLooks[state].label;
}
