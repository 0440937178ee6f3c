// Where the library keeps its things: in our database, in our words. Nothing lies in memory, so that any hub on the same
// database takes over at any step. The library's own sign-in sessions are forgotten at once: who is signed in, the console
// knows, and it is asked each time.
import { createHash } from 'node:crypto';
import type { ConnectedClient } from '@mcpvault/store/connected-clients-store';
import type { OauthArtifactsStore } from '@mcpvault/store/oauth-artifacts-store';
import type { Stores } from '@mcpvault/store/stores';
import { errors } from './library.ts';
import { scopes } from './scopes.ts';

export type Payload = Record<string, unknown>;

/** One kind of thing, as the library asks for it. Times are seconds. */
export interface Adapter {
  upsert(id: string, payload: Payload, expiresIn: number): Promise<void>;
  find(id: string): Promise<Payload | undefined>;
  findByUserCode(userCode: string): Promise<Payload | undefined>;
  findByUid(uid: string): Promise<Payload | undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

export interface AdapterDeps {
  readonly stores: Pick<Stores, 'oauthArtifacts' | 'connectedClients'>;
  now(): number;
  /** Ends an authorization with all its tokens, here and in other hubs. */
  disconnect(id: string): Promise<void>;
}

export function createAdapter(kind: string, deps: AdapterDeps): Adapter {
  switch (kind) {
    case 'Session':
      return nothing;
    case 'Grant':
      return grantAdapter(deps);
    case 'Client':
      return clientAdapter(deps);
    default:
      return artifactAdapter(kind, deps);
  }
}

/** As lookups of what opens something are made: by its hash. */
export function artifactHash(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}

/** The person types it in capitals or not, with dashes or not. */
export function userCodeHash(typed: string): Buffer {
  return artifactHash(`user code ${typed.toUpperCase().replaceAll(/\W/g, '')}`);
}

const nothing: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
};

function artifactAdapter(kind: string, { stores: { oauthArtifacts: store }, now, disconnect }: AdapterDeps): Adapter {
  return {
    ...nothing,
    async upsert(id, { jti: _, userCode, ...payload }, expiresIn) {
      await store.put({
        kind,
        hash: artifactHash(id),
        payload,
        connectedClient: typeof payload['grantId'] === 'string' ? payload['grantId'] : null,
        userCode: typeof userCode === 'string' ? userCodeHash(userCode) : null,
        expiresAt: now() + expiresIn * 1000,
      });
    },
    find: (id) => read(store, kind, id, now()),
    async consume(id) {
      if (await store.consume(kind, artifactHash(id), now())) return;
      // Two used it at the same moment: one of them has stolen it.
      const grant = (await read(store, kind, id, now()))?.['grantId'];
      if (typeof grant === 'string') await disconnect(grant);
      throw new errors.InvalidGrant(`${kind} was used already`);
    },
    destroy: (id) => store.remove(kind, artifactHash(id)),
    revokeByGrantId: (grantId) => store.removeOf(kind, grantId),
  };
}

async function read(store: OauthArtifactsStore, kind: string, id: string, now: number): Promise<Payload | undefined> {
  const found = await store.find(kind, artifactHash(id), now);
  if (found === null) return undefined;
  const consumed = found.consumedAt === null ? {} : { consumed: Math.floor(found.consumedAt / 1000) };
  return { ...found.payload, jti: id, ...consumed };
}

/** What the library calls a grant is what a member let in. Made by us when the member says so, ended by either side. */
function grantAdapter({ stores, now, disconnect }: AdapterDeps): Adapter {
  return {
    ...nothing,
    async find(id) {
      const found = await stores.connectedClients.find(id);
      return found === null || found.revokedAt !== null || found.expiresAt <= now() ? undefined : toGrant(found);
    },
    destroy: disconnect,
  };
}

function toGrant(connected: ConnectedClient): Payload {
  const { id, member, organization, client, resource } = connected;
  const allowed = new Set(connected.scopes);
  const denied = scopes.filter((scope) => !allowed.has(scope)).join(' ');
  const scope = [...allowed].join(' ');
  return {
    jti: id,
    kind: 'Grant',
    iat: Math.floor(connected.createdAt / 1000),
    exp: Math.floor(connected.expiresAt / 1000),
    accountId: `${organization}/${member}`,
    clientId: client,
    openid: { scope: `openid offline_access ${scope}` },
    resources: { [resource]: scope },
    ...(denied === '' ? {} : { rejected: { openid: { scope: denied }, resources: { [resource]: denied } } }),
  };
}

function clientAdapter({ stores: { oauthArtifacts: store }, now }: AdapterDeps): Adapter {
  return {
    ...nothing,
    upsert: (id, metadata) => store.register({ id, metadata, createdAt: now() }),
    find: async (id) => (await store.registered(id)) ?? undefined,
    destroy: (id) => store.unregister(id),
  };
}
