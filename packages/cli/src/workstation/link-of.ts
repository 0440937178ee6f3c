// The way of this account's commands to the hub that its workstation belongs to.
import { join } from 'node:path';
import { createAskHub } from '@mcpvault/workstation/link/hub-link';
import { createSignedInLink, type SignedInLink } from '@mcpvault/workstation/link/signed-in-link';
import { withFolderLock } from '@mcpvault/workstation/sync/config-writer';
import type { Io } from '../io.ts';
import { stateOf, vaultFor } from './state-of.ts';

/** Milliseconds for a whole answer. */
const patience = 60_000;

export async function linkOf(io: Io, hub: string): Promise<SignedInLink> {
  return createSignedInLink({
    ask: createAskHub({ hub, fetch: io.fetch, patience }),
    vault: await vaultFor(io),
    exclusively: (work) => exclusively(io, 'credential.lock', work),
    micros: io.clock.micros,
  });
}

/** While no other command of this account does the same. */
export function exclusively<T>(io: Io, name: string, work: () => Promise<T>): Promise<T> {
  const waits = { now: io.clock.now, sleep: (ms: number) => io.clock.sleep(ms, io.interrupted) };
  return withFolderLock(join(stateOf(io).path, name), waits, work);
}
