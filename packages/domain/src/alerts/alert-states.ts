import type { AlertState } from './alert.ts';

/** Where an alert may go from where it is. What is over may be opened again, and what somebody is at can be given back. */
const onwards: Readonly<Record<AlertState, readonly AlertState[]>> = {
  open: ['acknowledged', 'resolved', 'dismissed'],
  acknowledged: ['open', 'resolved', 'dismissed'],
  resolved: ['open'],
  dismissed: ['open'],
};

export function mayBecome(from: AlertState, to: AlertState): boolean {
  return onwards[from].includes(to);
}

/** Somebody still has to do something. */
export function isUnfinished(state: AlertState): boolean {
  return state === 'open' || state === 'acknowledged';
}
