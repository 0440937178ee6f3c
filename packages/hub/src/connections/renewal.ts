// Renews the tokens of a connection: once for all who ask, on whichever hub. The hub that takes the row's lease asks the
// authorization server; others wait for what it writes, since a refresh token may be good for one use only.
import { Failure } from '@mcpvault/domain/failure';
import type { Clock } from '@mcpvault/domain/ambient';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { AuthorizationRefused } from '@mcpvault/gateway/upstream/authorization/oauth-failure';
import { renew, signInAsClient } from '@mcpvault/gateway/upstream/authorization/sign-in-flow';
import type {
  ConnectionId,
  ConnectionsStore,
  OneConnection,
  ServerConnection,
} from '@mcpvault/store/connections-store';
import { type ConnectionSecret, openSecret, sealSecret, secretOf } from './connection-secret.ts';

export interface Renewal {
  /**
   * Resolves with the connection as it is now: renewed, if its token still was `access`; broken, if the authorization server
   * said so; as it was, if it could not be asked. null when it is gone.
   */
  renewed(connection: OneConnection, access: string): Promise<ServerConnection | null>;
}

export interface RenewalDeps {
  readonly connections: ConnectionsStore;
  readonly sealer: Sealer;
  fetchNear(serverUrl: string): OutboundFetch;
  readonly clock: Clock;
  /** Told when what is written down of a connection has changed. */
  changed(connection: ServerConnection): Promise<void>;
}

/** Milliseconds after which a hub that took the lease and was not heard of since has lost it. */
const leaseFor = 30_000;
const lookEvery = 200;
const looks = 200;

/** What an authorization server says when asking again is of no use (RFC 6749 §5.2, RFC 8707). */
const overFor: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'access_denied',
]);

export function createRenewal({ connections, sealer, fetchNear, clock, changed }: RenewalDeps): Renewal {
  const under = new Map<ConnectionId, Promise<ServerConnection | null>>();

  async function renewOnce(connection: OneConnection, access: string): Promise<ServerConnection | null> {
    for (let look = 0; look < looks; look++) {
      const now = clock.now();
      const isOurs = await connections.claimRenewal(connection, now, now + leaseFor);
      const found = await connections.byId(connection);
      if (found === null) return null;
      const secret = open(found);
      if (found.state === 'broken' || secret.access !== access) {
        if (isOurs) await connections.notRenewed(connection, found.reason, now);
        return found;
      }
      if (isOurs) return ask(found, secret);
      await new Promise((resolve) => setTimeout(resolve, lookEvery));
    }
    throw new Failure('upstream_timeout', 'The sign-in at this server is being renewed, which takes too long.');
  }

  async function ask(found: ServerConnection, secret: ConnectionSecret): Promise<ServerConnection | null> {
    const { id, organization } = found;
    try {
      const tokens = await fresh(found.url, secret);
      const kept = secretOf(tokens, secret);
      const sealed = sealSecret(sealer, organization, 'connection', id, kept);
      const isRenewable = kept.refresh !== null || kept.grant === 'client-credentials';
      const { expiresAt } = tokens;
      await connections.renewed(found, { secret: sealed, expiresAt, isRenewable, scopes: kept.scopes }, clock.now());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const isOver = error instanceof AuthorizationRefused && overFor.has(error.error);
      if (isOver) await connections.broken(found, error.message, null, clock.now());
      else await connections.notRenewed(found, error.message, clock.now());
    }
    const after = await connections.byId(found);
    if (after !== null) await changed(after);
    return after;
  }

  function fresh(url: string, { party, refresh, grant, scopes }: ConnectionSecret) {
    const flow = { fetch: fetchNear(url), now: () => clock.now() };
    if (grant === 'client-credentials') return signInAsClient(flow, party, scopes);
    if (refresh === null) throw new Error('only what can be renewed is renewed');
    return renew(flow, party, refresh);
  }

  function open({ id, organization, secret }: ServerConnection): ConnectionSecret {
    return openSecret(sealer, organization, 'connection', id, secret);
  }

  return {
    renewed(connection, access) {
      const { id } = connection;
      let work = under.get(id);
      if (work === undefined) {
        work = renewOnce(connection, access).finally(() => under.delete(id));
        under.set(id, work);
      }
      return work;
    },
  };
}
