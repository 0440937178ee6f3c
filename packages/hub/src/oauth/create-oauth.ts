// Builds the hub's OAuth side: the addresses that clients know, what the operations need to ask a member, and what the
// message path needs to know a client's token.
import { hkdfSync } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { Log } from '@mcpvault/gateway/ports';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { announce } from '@mcpvault/store/change-feed';
import type { OauthKeys } from '@mcpvault/store/oauth-keys';
import type { Stores } from '@mcpvault/store/stores';
import type { Change, Changes } from '../changes.ts';
import type { Addresses } from '../http/addresses.ts';
import { openProvider } from '../auth/single-sign-on/open-provider.ts';
import type { ProviderClient } from '../auth/single-sign-on/provider-client.ts';
import { createAssertedGrants } from './asserted-grants.ts';
import { type AuthorizationSettings, createAuthorizationServer } from './authorization-server.ts';
import { createLetIn, type LetInPort } from './let-in.ts';
import { createOauthDesk, type OauthDesk } from './oauth-desk.ts';
import { createOauthFront, type OauthFront } from './front.ts';
import { createResources } from './resources.ts';
import { createTokenDesk } from './token-desk.ts';

export interface Oauth {
  readonly front: OauthFront;
  readonly desk: OauthDesk;
  readonly letIn: LetInPort;
}

export interface OauthDeps {
  readonly addresses: Pick<Addresses, 'url' | 'hosts' | 'ownOrigins'>;
  /** Shared by all hubs on one database. */
  readonly masterKey: Buffer;
  readonly keys: OauthKeys;
  readonly stores: Stores;
  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
  readonly changes: Pick<Changes, 'announcement' | 'publish'>;
  readonly ambient: Ambient;
  readonly log: Log;
  readonly fetchDocument: OutboundFetch;
  /** Opens what is needed to ask an identity provider for its keys. */
  readonly sealer: Sealer;
  readonly providers: Pick<ProviderClient, 'grantIn'>;
  readonly settings: AuthorizationSettings;
  /** How many proxies in front of the hub say where requests come from. */
  readonly proxies: number;
}

export function createOauth(deps: OauthDeps): Oauth {
  const { addresses, keys, stores, changes, log, fetchDocument, settings } = deps;
  const { url } = addresses;
  const { clock } = deps.ambient;
  const resources = createResources(addresses);
  const ticketKey = derived(deps.masterKey, 'oauth tickets');

  async function disconnect(id: string): Promise<void> {
    const changed: Change[] = [];
    await deps.transaction(async (own) => {
      const ended = await own.connectedClients.end(id, clock.now());
      if (ended === null) return;
      await own.oauthArtifacts.removeOf('RefreshToken', id);
      changed.push({ organization: ended.organization, area: 'connected-clients', id });
      await announce(own.executor, changes.announcement(changed));
    });
    await changes.publish(changed);
  }

  const tokens = createTokenDesk({ issuer: url, keys, stores, clock, disconnect });
  const grants = createAssertedGrants({
    issuer: url,
    providers: deps.providers,
    open: (provider) => openProvider(deps.sealer, provider, url),
    stores,
    transaction: deps.transaction,
    changes,
    resources,
    ambient: deps.ambient,
    lastsSeconds: settings.accessTokenSeconds,
  });
  const server = createAuthorizationServer({
    grants,
    url,
    stores,
    keys,
    resources,
    clock,
    log,
    cookieKey: derived(deps.masterKey, 'oauth cookies'),
    fetchDocument,
    disconnect,
    settings,
  });
  return {
    front: createOauthFront({ url, server, tokens, resources, stores, ticketKey, proxies: deps.proxies, clock, log }),
    desk: createOauthDesk({ server, tokens, resources, stores, ticketKey, clock }),
    letIn: createLetIn(tokens, resources),
  };
}

function derived(masterKey: Buffer, what: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), what, 32));
}
