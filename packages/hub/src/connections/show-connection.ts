import type { connectionShape } from '@mcpvault/contract/connections';
import { authOf, type ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { permits } from '@mcpvault/domain/identity/permission';
import type { ServerConnection } from '@mcpvault/store/connections-store';
import type { z } from 'zod';
import { rfc3339, rfc3339OrNull } from '../operations/times.ts';
import { connectPage } from './not-connected.ts';

type Shown = z.output<typeof connectionShape>;

export interface ConnectionFacts {
  readonly entry: ServerEntry;
  readonly found: ServerConnection | null;
  readonly caller: Caller;
  /** How browsers reach the hub. */
  readonly url: string;
  readonly now: number;
}

/** Milliseconds before the end of what cannot be renewed in which people are told. */
const soon = 900_000;

export function showConnection({ entry, found, caller, url, now }: ConnectionFacts): Shown {
  const mode = authOf(entry)?.mode ?? 'per-member';
  const { state, reason } = stateOf(entry, found, now);
  return {
    server: { id: entry.id, name: entry.name },
    mode,
    state,
    reason,
    issuer: found?.issuer ?? null,
    scopes: [...(found?.scopes ?? [])],
    wanted: (found?.challenge?.scopes ?? []).filter((scope) => found?.scopes.includes(scope) !== true),
    expiresAt: rfc3339OrNull(found?.expiresAt ?? null),
    renews: found?.isRenewable ?? false,
    connectedAt: found === null ? null : rfc3339(found.connectedAt),
    mayConnect: mode === 'per-member' || permits(caller, 'servers:write'),
    page: connectPage(url, entry.name),
  };
}

function stateOf(
  { transport }: ServerEntry,
  found: ServerConnection | null,
  now: number,
): Pick<Shown, 'state' | 'reason'> {
  if (found === null) return { state: 'missing', reason: null };
  const { state, reason, expiresAt, isRenewable, url } = found;
  if (state === 'broken') return { state, reason };
  if (transport.type === 'stdio' || transport.url !== url) {
    return { state: 'broken', reason: 'The server has moved since it was connected.' };
  }
  if (expiresAt === null) return { state, reason };
  if (expiresAt <= now && !isRenewable) return { state: 'broken', reason: 'The sign-in has expired.' };
  if (!isRenewable && expiresAt - now < soon) {
    return { state: 'expiring', reason: 'It cannot be renewed: sign in again before it ends.' };
  }
  return isRenewable && reason !== null ? { state: 'expiring', reason } : { state, reason };
}
