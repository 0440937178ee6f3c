import type { LiveEvent } from '@mcpvault/contract/live';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useHub } from '../api/hub.ts';
import type { LiveState } from './live.ts';

export function useLiveState(): LiveState {
  const { live } = useHub();
  return useSyncExternalStore(live.onState, live.state);
}

export function useLiveEvents(listen: (event: LiveEvent) => void): void {
  const { live } = useHub();
  const current = useRef(listen);
  useEffect(() => {
    current.current = listen;
  });
  useEffect(() => live.onEvent((event) => current.current(event)), [live]);
}

/** Numbers drawn from messages move at most this often. */
const countingPause = 2500;

/** What else has to be read again when an area changed. */
const alsoChanged: Readonly<Record<string, readonly string[]>> = {
  servers: ['overview', 'grants', 'access'],
  members: ['auth', 'service-accounts', 'teams', 'roles', 'grants', 'tokens', 'access', 'organizations'],
  roles: ['auth', 'members', 'grants', 'access'],
  teams: ['members', 'grants', 'access'],
  grants: ['servers', 'access'],
  tokens: ['auth', 'impersonations', 'service-accounts', 'provisioning'],
  policies: ['quarantines'],
  approvals: [],
  alerts: ['alert-routes'],
  limits: [],
  workstations: [
    'compliance',
    'compliance-rules',
    'scan-reports',
    'agent-jobs',
    'enrolment-keys',
    'workstation-settings',
  ],
};

/** Reads again what the feed says has changed, and everything after the feed was away. */
export function useLiveReading(): void {
  const queries = useQueryClient();
  const counting = useRef<ReturnType<typeof setTimeout> | null>(null);
  const welcomed = useRef(0);

  useLiveEvents((event) => {
    if (event.type === 'changed') {
      for (const area of [event.area, ...(alsoChanged[event.area] ?? []), 'audit']) {
        void queries.invalidateQueries({ queryKey: [area] });
      }
    } else if (event.type === 'messages') {
      counting.current ??= setTimeout(() => {
        counting.current = null;
        void queries.invalidateQueries({ queryKey: ['overview'] });
      }, countingPause);
    } else if (event.type === 'welcome') {
      welcomed.current += 1;
      // One message never changes, and reading it leaves an audit entry.
      if (welcomed.current > 1)
        void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== 'getMessage' });
    }
  });
  useEffect(
    () => () => {
      if (counting.current !== null) clearTimeout(counting.current);
    },
    [],
  );
}
