// Builds the hub's OAuth side: the addresses that clients know, what the operations need to ask a member, and what the
// message path needs to know a client's token.
import { hkdfSync } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { Log } from '@mcpvault/gateway/ports';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { announce } from '@mcpvault/store/change-feed';
import type { OauthKeys } from '@mcpvault/store/oauth-keys';
import type { Stores } from '@mcpvault/store/stores';
import type { Change, Changes } from '../changes.ts';
import type { Addresses } from '../http/addresses.ts';
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
  readonly settings: AuthorizationSettings;
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
  const server = createAuthorizationServer({
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
    front: createOauthFront({ url, server, tokens, resources, stores, ticketKey, clock, log }),
    desk: createOauthDesk({ server, tokens, resources, stores, ticketKey, clock }),
    letIn: createLetIn(tokens, resources),
  };
}

function derived(masterKey: Buffer, what: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), what, 32));
}
