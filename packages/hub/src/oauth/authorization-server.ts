// The hub as OAuth 2.1 authorization server for AI clients. The protocol is the library's; what is ours is who may be a
// client, what can be asked for, where things are kept, and that a member is asked in the console each time. Refuses
// everything that the clients of MCP do not need: implicit and password grants, client secrets, plain PKCE.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@mcpvault/domain/ambient';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import type { Log } from '@mcpvault/gateway/ports';
import { type OauthKey, type OauthKeys, signingKey } from '@mcpvault/store/oauth-keys';
import { isActive } from '@mcpvault/store/members-store';
import type { Stores } from '@mcpvault/store/stores';
import type { Client, Context, default as OidcProvider, Token } from 'oidc-provider';
import { createAdapter } from './adapter.ts';
import type { AssertedGrants } from './asserted-grants.ts';
import { addAssertionGrant, grantProfile } from './assertion-grant.ts';
import { createClientDocuments, documentsKept } from './client-documents.ts';
import { acceptableClient, firstPartyClients } from './clients.ts';
import { errorPage } from './error-page.ts';
import { errors, Provider } from './library.ts';
import type { Resources } from './resources.ts';
import { scopes, signInScope } from './scopes.ts';

export interface AuthorizationServerDeps {
  /** The issuer: how browsers reach this hub. */
  readonly url: string;
  readonly stores: Pick<Stores, 'oauthArtifacts' | 'connectedClients' | 'members'>;
  readonly keys: Pick<OauthKeys, 'all'>;
  readonly resources: Resources;
  readonly clock: Clock;
  readonly log: Log;
  /** 32 bytes that all hubs on one database share. */
  readonly cookieKey: Buffer;
  /** Gets the document of a client that is named by its URL. Guards itself against addresses that are not public. */
  readonly fetchDocument: OutboundFetch;
  /** Ends an authorization with all its tokens, here and in other hubs. */
  disconnect(id: string): Promise<void>;
  readonly grants: AssertedGrants;
  readonly settings: AuthorizationSettings;
}

export interface AuthorizationSettings {
  /** Older clients may register themselves. */
  readonly registration: boolean;
  /** Hosts whose clients are let in by the URL of their document; empty: all. */
  readonly clientHosts: readonly string[];
  /** Seconds. */
  readonly accessTokenSeconds: number;
  /** How long a client that was let in may renew its tokens. */
  readonly refreshTokenSeconds: number;
}

export interface AuthorizationServer {
  /**
   * Answers a request to one of `routes`, or to a discovery document. `answered` comes in before the answer leaves, once the
   * library has found nothing wrong with the request and with whoever sent it.
   */
  handle(request: IncomingMessage, response: ServerResponse, answered?: Answered): Promise<void>;
  /** As of now: it changes when keys do. */
  provider(): Promise<OidcProvider>;
}

/** `body` is what the library would answer; what comes back is answered instead. */
export type Answered = (by: { readonly client: string | null; readonly body: unknown }) => Promise<unknown>;

export const routes = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  jwks: '/oauth/jwks',
  registration: '/oauth/register',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
  device_authorization: '/oauth/device',
  /** A page of the console; the library never sees it. */
  code_verification: '/device',
};

/** Where a member is asked: a page of the console. */
export const askingPath = '/authorize';

/** Keys of other hubs are seen after this long at most, in milliseconds. */
const keysFor = 60_000;
const interactionSeconds = 10 * 60;
const deviceSeconds = 10 * 60;

export function createAuthorizationServer(deps: AuthorizationServerDeps): AuthorizationServer {
  const { clock, keys, url } = deps;
  const kept: Kept = { waiting: new WeakMap(), documents: createClientDocuments(deps.fetchDocument, clock) };
  let current: { readonly provider: OidcProvider; readonly key: string; readonly readAt: number } | null = null;

  async function provider(): Promise<OidcProvider> {
    const now = clock.now();
    if (current !== null && now - current.readAt < keysFor) return current.provider;
    const all = await keys.all();
    const signing = signingKey(all, now);
    const key = [signing, ...all].map(({ kid }) => kid).join(' ');
    const made = current?.key === key ? current.provider : createProvider(deps, all, signing, kept);
    current = { provider: made, key, readAt: now };
    return made;
  }

  return {
    provider,
    async handle(request, response, answered) {
      if (answered !== undefined) kept.waiting.set(request, answered);
      // What a proxy in front says is not asked: how browsers reach this hub is a setting.
      request.headers['x-forwarded-proto'] = new URL(url).protocol.slice(0, -1);
      delete request.headers['x-forwarded-host'];
      await (await provider()).callback()(request, response);
    },
  };
}

/** What outlives the library's provider, which is made anew when keys change. */
interface Kept {
  readonly waiting: WeakMap<object, Answered>;
  readonly documents: OutboundFetch;
}

function createProvider(
  deps: AuthorizationServerDeps,
  keys: readonly OauthKey[],
  signing: OauthKey,
  { waiting, documents }: Kept,
): OidcProvider {
  const { url, settings, resources, log } = deps;
  const secure = url.startsWith('https:');
  const prefix = secure ? '__Secure-mcpvault' : 'mcpvault';
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true, secure };
  const provider = new Provider(url, {
    adapter: (kind: string) =>
      createAdapter(kind, { stores: deps.stores, now: () => deps.clock.now(), disconnect: deps.disconnect }),
    clients: firstPartyClients,
    jwks: { keys: [signing, ...keys.filter((key) => key !== signing)].map(toJwk) },
    routes,
    scopes: ['openid', 'offline_access', ...scopes],
    discovery: { authorization_grant_profiles_supported: [grantProfile] },
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'private_key_jwt'],
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      id_token_signed_response_alg: 'ES256',
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: { enabled: true, allowedPolicy: isTheirs },
      introspection: { enabled: true, allowedPolicy: isTheirs },
      deviceFlow: { enabled: true },
      registration: { enabled: settings.registration, issueRegistrationAccessToken: false },
      clientIdMetadataDocument: {
        enabled: true,
        ack: 'draft-02',
        allowFetch: (_: unknown, id: string) => isTrustedHost(settings.clientHosts, id),
        allowClient: (_: unknown, client: Client) => acceptableClient(client),
        cacheDuration: documentsKept,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_: unknown, __: unknown, oneOf?: string | string[]) => one(oneOf) ?? resources.usual,
        useGrantedResource: () => true,
        getResourceServerInfo: (_: unknown, resource: string, client: Client) => resourceServer(deps, resource, client),
      },
    },
    cookies: {
      keys: [deps.cookieKey.toString('base64url')],
      names: { session: `${prefix}_session`, interaction: `${prefix}_asking`, resume: `${prefix}_resume` },
      long: cookie,
      short: cookie,
    },
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `${askingPath}/${uid}` },
    findAccount: (_: unknown, id: string) => findAccount(deps, id),
    loadExistingGrant: async (ctx: {
      readonly oidc: {
        readonly result?: { readonly consent?: { readonly grantId?: string } };
        readonly provider: { readonly Grant: { find(id: string): Promise<unknown> } };
      };
    }) => {
      const id = ctx.oidc.result?.consent?.grantId;
      return id === undefined ? undefined : ctx.oidc.provider.Grant.find(id);
    },
    extraTokenClaims: (_: unknown, token: Token) => ({
      organization: token.accountId?.split('/')[0],
      connected_client: token.grantId,
    }),
    formats: { customizers: { jwt: (_: unknown, __: Token, { payload }: Signed) => ownSubject(payload) } },
    issueRefreshToken: (_: unknown, client: Client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    // What is revoked goes as a whole family, whichever of its tokens was named.
    revokeGrantPolicy: () => true,
    expiresWithSession: () => false,
    clientBasedCORS: () => true,
    ttl: {
      AccessToken: settings.accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: settings.accessTokenSeconds,
      DeviceCode: deviceSeconds,
      Interaction: interactionSeconds,
      Session: interactionSeconds,
      Grant: interactionSeconds,
      // However often it is renewed, it ends with what the member allowed.
      RefreshToken: (ctx: Context | undefined) =>
        ctx?.oidc.entities.RotatedRefreshToken?.remainingTTL ?? settings.refreshTokenSeconds,
    },
    renderError: (ctx: Context, out: { readonly error: string; readonly error_description?: string }) =>
      errorPage(ctx, out),
    fetch: documents,
  });
  addAssertionGrant(provider, {
    grants: deps.grants,
    resourceServer: (resource, client) => resourceServer(deps, resource, client),
  });
  provider.use(async (ctx, next) => {
    await next();
    const answered = waiting.get(ctx.req);
    if (answered === undefined || ctx.status < 200 || ctx.status >= 300) return;
    ctx.body = await answered({ client: ctx.oidc?.client?.clientId ?? null, body: ctx.body });
  });
  provider.proxy = true;
  provider.on('server_error', (_: unknown, error: Error) =>
    log.error({ err: error }, 'an OAuth request failed for a reason that is a bug'),
  );
  return provider;
}

interface Signed {
  readonly payload: Record<string, unknown>;
}

/** Accounts are known with their organization; a token names the member alone, and the organization beside it. */
function ownSubject(payload: Record<string, unknown>): void {
  payload['sub'] = String(payload['sub']).split('/')[1];
}

function toJwk({ kid, x, y, d }: OauthKey) {
  return { kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid, x, y, d };
}

function one(given: string | string[] | undefined): string | undefined {
  return typeof given === 'string' ? given : given?.[0];
}

async function resourceServer({ resources, settings }: AuthorizationServerDeps, resource: string, client: Client) {
  const isSignIn = resource === resources.signIn && firstPartyClients.some((own) => own.client_id === client.clientId);
  if (!isSignIn && resources.endpointOf(resource) === null) throw new errors.InvalidTarget();
  return {
    scope: isSignIn ? signInScope : scopes.join(' '),
    audience: resource,
    accessTokenTTL: isSignIn ? 60 : settings.accessTokenSeconds,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  };
}

async function findAccount({ stores, clock }: AuthorizationServerDeps, accountId: string) {
  const [organization, id] = accountId.split('/') as [OrganizationId, MemberId];
  const member = await stores.members.byId(organization, id);
  if (member === null || !isActive(member, clock.now())) return undefined;
  return { accountId, claims: async () => ({ sub: accountId }) };
}

function isTheirs(_: unknown, client: Client, token: { readonly clientId?: string }): boolean {
  return token.clientId === client.clientId;
}

function isTrustedHost(hosts: readonly string[], id: string): boolean {
  return hosts.length === 0 || hosts.includes(new URL(id).hostname.toLowerCase());
}
