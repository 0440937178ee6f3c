import type { TokenPair } from '../connection/bearers.ts';
import { createHubConnection } from '../connection/hub-connection.ts';
import { createCredentialStore } from '../credentials/credential-store.ts';
import type { Io } from '../io.ts';

const patience = 20_000;

/** Asks the hub for the next pair of tokens; rejects with a `CommandFailure`. */
export function refreshSignIn(io: Io, hub: string, refreshToken: string): Promise<TokenPair> {
  // Whoever renews must not renew for it first.
  const credential = { kind: 'token', token: '' } as const;
  const settings = { io, hub, store: createCredentialStore(io), credential, timeoutMs: patience };
  return createHubConnection(settings).call('refresh', { refreshToken });
}
