// What access tokens say, and whether they still hold. They are checked with our own keys; what a member or a client takes
// back, the store knows.
import type { KeyObject } from 'node:crypto';
import type { Clock } from '@mcpvault/domain/ambient';
import type { ConnectedClient } from '@mcpvault/store/connected-clients-store';
import type { OauthKeys } from '@mcpvault/store/oauth-keys';
import type { Stores } from '@mcpvault/store/stores';
import { type AccessClaims, looksLikeAccessToken, publicKeyOf, readAccessToken } from './access-token.ts';

export interface TokenDesk {
  /** null for what is not ours, was changed, or has expired. */
  read(token: string): Promise<AccessClaims | null>;
  /** What it was made of, as long as that holds. */
  authorization(claims: AccessClaims): Promise<ConnectedClient | null>;
  /** RFC 7662. */
  introspect(claims: AccessClaims): Promise<object>;
  /** The whole family: the client that gives back one of its tokens is done. */
  revoke(claims: AccessClaims): Promise<void>;
}

export interface TokenDeskDeps {
  readonly issuer: string;
  readonly keys: Pick<OauthKeys, 'all'>;
  readonly stores: Pick<Stores, 'connectedClients'>;
  readonly clock: Clock;
  disconnect(id: string): Promise<void>;
}

/** Between two looks for keys that another hub may have made, in milliseconds: strangers must not cause more. */
const lookAgainAfter = 5_000;

export function createTokenDesk({ issuer, keys, stores, clock, disconnect }: TokenDeskDeps): TokenDesk {
  let known = new Map<string, KeyObject>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    lookedAt = clock.now();
    known = new Map((await keys.all()).map((key) => [key.kid, publicKeyOf(key)]));
  }

  async function authorization(claims: AccessClaims): Promise<ConnectedClient | null> {
    const found = await stores.connectedClients.find(claims.connected_client);
    if (found === null || found.revokedAt !== null || found.expiresAt <= clock.now()) return null;
    const isSame =
      found.organization === claims.organization &&
      found.member === claims.sub &&
      found.client === claims.client_id &&
      found.resource === claims.aud;
    return isSame ? found : null;
  }

  return {
    async read(token) {
      if (!looksLikeAccessToken(token)) return null;
      let strange = false;
      const check = () => {
        strange = false;
        const key = (kid: string) => {
          const found = known.get(kid) ?? null;
          strange = found === null;
          return found;
        };
        return readAccessToken(token, { issuer, now: clock.now(), key });
      };
      const said = check();
      if (said !== null || !strange || clock.now() - lookedAt < lookAgainAfter) return said;
      await look();
      return check();
    },
    authorization,
    async introspect(claims) {
      const { organization: _, connected_client: __, ...public_ } = claims;
      const holds = (await authorization(claims)) !== null;
      return holds ? { active: true, token_type: 'Bearer', ...public_ } : { active: false };
    },
    revoke: (claims) => disconnect(claims.connected_client),
  };
}
