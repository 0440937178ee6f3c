import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalServer, RemoteServer } from '@mcpvault/workstation/sync/local-servers';
import { expandReferences } from '@mcpvault/workstation/sync/references';
import { configFolder } from '../credentials/credential-store.ts';
import type { Io } from '../io.ts';
import type { BridgeCredential } from './bridge-credential.ts';
import type { BridgeOptions } from './bridge-options.ts';
import { createHubHttp, type HubHttp } from './hub-http.ts';

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

export interface RemoteSide {
  readonly hub: string;
  readonly endpoint: URL;
  readonly http: HubHttp;
  readonly credential: BridgeCredential;
}

/** A remote server in the place of a hub: its own headers sign in to it, and no credential of MCPVault's ever goes there. */
export function remoteSide({ url, headers }: RemoteServer, { env, machine }: Io): RemoteSide {
  const endpoint = new URL(expandReferences(url, env, machine.home));
  const own = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    expandReferences(value, env, machine.home),
  ]);
  const http = createHubHttp(endpoint, env);
  return {
    hub: endpoint.origin,
    endpoint,
    http: {
      send: ({ headers: { authorization: _none, ...rest }, ...request }) =>
        http.send({ ...request, headers: { ...rest, ...Object.fromEntries(own) } }),
      close: () => http.close(),
    },
    credential: { bearer: async () => '', refused: async () => false },
  };
}
