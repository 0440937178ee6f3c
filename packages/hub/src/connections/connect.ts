// Connecting a server: what has to be asked of others on the way, outside of any transaction. What comes of it is written by
// the operation.
import { createHash } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import { authOf, type ServerEntry } from '@mcpvault/domain/catalog/server';
import type { UpstreamAuth } from '@mcpvault/domain/catalog/upstream-auth';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { clientMetadata, identify, type KnownClient } from '@mcpvault/gateway/upstream/authorization/client-identity';
import { discover } from '@mcpvault/gateway/upstream/authorization/discovery';
import { AuthorizationRefused } from '@mcpvault/gateway/upstream/authorization/oauth-failure';
import {
  finishSignIn,
  type Party,
  revoke,
  signInAsClient,
  startSignIn,
  type Tokens,
} from '@mcpvault/gateway/upstream/authorization/sign-in-flow';
import type { RegisteredClient, ServerConnection, SignInUnderWay } from '@mcpvault/store/connections-store';
import type { Stores } from '@mcpvault/store/stores';
import { type ConnectionSecret, openSecret, sealSecret, secretOf, type SignInSecret } from './connection-secret.ts';

export interface ConnectDeps {
  readonly ambient: Ambient;
  readonly sealer: Sealer;
  /** For what a server names, and for the server's own origin. */
  fetchNear(serverUrl: string): OutboundFetch;
  readonly stores: Pick<Stores, 'connections'>;
  /** How browsers reach this hub. */
  readonly url: string;
}

/** Either a browser is to be sent away, or it is done already. */
export interface Begun {
  readonly url: string | null;
  readonly signIn: SignInUnderWay | null;
  readonly connection: ServerConnection | null;
  /** MCPVault's own registration, where it is new. */
  readonly registered: RegisteredClient | null;
}

/** Milliseconds that a person has to sign in. */
const patience = 600_000;

export function redirectUri(hub: string): string {
  return `${hub}/connections/callback`;
}

/** Where the hub publishes what it is as a client; null where others could not fetch it. */
export function clientDocument(hub: string): string | null {
  return hub.startsWith('https:') ? `${hub}/client-metadata.json` : null;
}

/** What the hub says of itself there; null where others could not fetch it. */
export function clientDocumentOf(hub: string): string | null {
  const place = clientDocument(hub);
  if (place === null) return null;
  const metadata = { client_id: place, ...clientMetadata(redirectUri(hub)), token_endpoint_auth_method: 'none' };
  return JSON.stringify(metadata, null, 2);
}

/** `by` signs in; `earlier` is the connection that is to be replaced. Rejects with a `Failure`. */
export async function beginConnection(
  deps: ConnectDeps,
  server: ServerEntry,
  by: MemberId,
  earlier: ServerConnection | null,
): Promise<Begun> {
  const { auth, url } = wanted(server);
  const challenge = earlier?.challenge ?? null;
  const known = challenge === null ? null : { ...challenge, error: null };
  const place = await discover(deps.fetchNear(url), url, known);
  const { client, registered } = await clientFor(deps, server, url, auth, place.server);
  const party: Party = { server: place.server, client, resource: auth.omitResource === true ? null : place.resource };
  const kept = earlier?.issuer === place.server.issuer ? earlier.scopes : [];
  const scopes = [...new Set([...place.scopes, ...(challenge === null ? [] : kept), ...(auth.scopes ?? [])])];
  if (auth.grant === 'client-credentials') {
    const tokens = await signInAsClient(flowOf(deps, url), party, scopes);
    const connection = connectionOf(deps, server, { party, grant: auth.grant, scopes }, tokens, { by, url });
    return { url: null, signIn: null, connection, registered };
  }
  const state = Buffer.from(deps.ambient.random.bytes(32)).toString('base64url');
  const back = redirectUri(deps.url);
  const start = await startSignIn(party, { state, redirectUri: back, scopes });
  const shared = auth.mode === 'shared';
  const secret: SignInSecret = { party, verifier: start.verifier, redirectUri: back, scopes, url, shared };
  const hash = hashOf(state);
  const signIn: SignInUnderWay = {
    state: hash,
    organization: server.organization,
    server: server.id,
    member: by,
    secret: sealSecret(deps.sealer, server.organization, 'sign-in', hash.toString('hex'), secret),
    expiresAt: deps.ambient.clock.now() + patience,
  };
  return { url: start.url, signIn, connection: null, registered };
}

/** `answer` is what the browser brought back. The sign-in was taken away before: it is good once. Rejects with a `Failure`. */
export async function finishConnection(
  deps: ConnectDeps,
  server: ServerEntry,
  signIn: SignInUnderWay,
  answer: URLSearchParams,
): Promise<ServerConnection> {
  const { organization } = server;
  const about = signIn.state.toString('hex');
  const secret = openSecret(deps.sealer, organization, 'sign-in', about, signIn.secret);
  const { auth, url } = wanted(server);
  if (secret.url !== url || secret.shared !== (auth.mode === 'shared')) {
    throw new Failure('conflict', 'The server was changed while you signed in.', { fix: 'Begin once more.' });
  }
  const { party, verifier, scopes } = secret;
  const state = answer.get('state') ?? '';
  try {
    const back = { answer, state, verifier, redirectUri: secret.redirectUri };
    const tokens = await finishSignIn(flowOf(deps, url), party, back);
    const grant = 'authorization-code';
    return connectionOf(deps, server, { party, grant, scopes }, tokens, { by: signIn.member, url });
  } catch (error) {
    // It forgot us: the next sign-in registers anew.
    if (error instanceof AuthorizationRefused && error.error === 'invalid_client') {
      await deps.stores.connections.forgetClient(organization, party.server.issuer, secret.redirectUri);
    }
    throw error;
  }
}

/** Tells the authorization server that the tokens are not wanted any more; whether it listens changes nothing here. */
export async function takeBack(deps: ConnectDeps, connection: ServerConnection): Promise<void> {
  const { id, organization } = connection;
  const { party, access, refresh } = openSecret(deps.sealer, organization, 'connection', id, connection.secret);
  try {
    await revoke(flowOf(deps, connection.url), party, refresh ?? access);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

/** Of the state that came back, as it is stored. */
export function hashOf(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}

function wanted(server: ServerEntry): { readonly auth: UpstreamAuth; readonly url: string } {
  const auth = authOf(server);
  if (auth === null || server.transport.type === 'stdio') {
    throw new Failure('conflict', `The server "${server.name}" is set up to want no sign-in.`, {
      fix: 'An admin can change that in its settings.',
    });
  }
  return { auth, url: server.transport.url };
}

async function clientFor(
  { sealer, stores, fetchNear, ambient, url }: ConnectDeps,
  { organization }: ServerEntry,
  serverUrl: string,
  { client: given }: UpstreamAuth,
  server: Party['server'],
): Promise<{ readonly client: KnownClient; readonly registered: RegisteredClient | null }> {
  const { issuer } = server;
  const back = redirectUri(url);
  const stored = await stores.connections.client(organization, issuer, back, ambient.clock.now());
  const earlier = stored === null ? null : openSecret(sealer, organization, 'client', issuer, stored.secret);
  const document = clientDocument(url);
  const client = await identify({
    fetch: fetchNear(serverUrl),
    server,
    given,
    registered: earlier,
    document,
    redirectUri: back,
  });
  if (client.kind !== 'registered' || client === earlier) return { client, registered: null };
  const secret = sealSecret(sealer, organization, 'client', issuer, client);
  return { client, registered: { organization, issuer, redirectUri: back, secret, expiresAt: client.expiresAt } };
}

function connectionOf(
  { ambient, sealer }: ConnectDeps,
  server: ServerEntry,
  asked: Pick<ConnectionSecret, 'party' | 'grant' | 'scopes'>,
  tokens: Tokens,
  { by, url }: { readonly by: MemberId; readonly url: string },
): ServerConnection {
  const id = ambient.ids.next('cnn');
  const now = ambient.clock.now();
  const secret = secretOf(tokens, asked);
  return {
    id,
    organization: server.organization,
    server: server.id,
    member: authOf(server)?.mode === 'shared' ? null : by,
    state: 'connected',
    reason: null,
    url,
    issuer: asked.party.server.issuer,
    scopes: secret.scopes,
    challenge: null,
    secret: sealSecret(sealer, server.organization, 'connection', id, secret),
    expiresAt: tokens.expiresAt,
    isRenewable: secret.refresh !== null || secret.grant === 'client-credentials',
    connectedBy: by,
    connectedAt: now,
    updatedAt: now,
  };
}

function flowOf({ fetchNear, ambient }: ConnectDeps, serverUrl: string) {
  return { fetch: fetchNear(serverUrl), now: () => ambient.clock.now() };
}
