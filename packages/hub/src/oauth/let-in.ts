import type { ConnectedClient } from '@mcpvault/store/connected-clients-store';
import type { Resources } from './resources.ts';
import type { TokenDesk } from './token-desk.ts';

/** What an access token of an AI client is good for at this moment. */
export interface LetInToken {
  readonly connected: ConnectedClient;
  readonly endpoint: string | null;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface LetInPort {
  /** null for what is no access token of ours, or holds no more, or is for something other than an endpoint. */
  letIn(token: string): Promise<LetInToken | null>;
  resourceMetadata(host: string | undefined, path: string): string | null;
}

export function createLetIn(tokens: TokenDesk, resources: Pick<Resources, 'endpointOf' | 'metadataOf'>): LetInPort {
  return {
    async letIn(token) {
      const claims = await tokens.read(token);
      const resource = claims && resources.endpointOf(claims.aud);
      if (claims === null || resource === null) return null;
      const connected = await tokens.authorization(claims);
      if (connected === null) return null;
      const allowed = new Set(connected.scopes);
      const scopes = claims.scope.split(' ').filter((scope) => allowed.has(scope));
      return { connected, endpoint: resource.endpoint, scopes, expiresAt: claims.exp * 1000 };
    },
    resourceMetadata: (host, path) => resources.metadataOf(host, path),
  };
}
