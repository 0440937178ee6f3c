import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalServer } from '@mcpvault/workstation/sync/local-servers';
import { configFolder } from '../credentials/credential-store.ts';
import type { Io } from '../io.ts';
import type { BridgeOptions } from './bridge-options.ts';

/** Where this computer's links and servers are remembered. */
export function workstationFile(io: Io): string {
  return join(configFolder(io), 'workstation.json');
}

/** A server that this workstation runs or reaches itself; undefined for everything that is behind a hub. */
export async function localServer({ target, hub }: BridgeOptions, io: Io): Promise<LocalServer | undefined> {
  if (target === undefined || hub !== undefined) return undefined;
  const text = await readFile(workstationFile(io), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { createWorkstationStore } = await import('@mcpvault/workstation/sync/workstation-store');
  const unused = { now: io.clock.now, sleep: io.clock.sleep, mark: () => '' };
  // Where that file is broken, what is behind a hub still works; the workstation's own commands say what to do.
  const state = await createWorkstationStore(workstationFile(io), unused)
    .read()
    .catch(() => undefined);
  return state?.servers.find(({ name }) => name === target);
}
