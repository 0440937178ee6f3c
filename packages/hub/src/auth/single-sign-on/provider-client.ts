// Talks to identity providers: OpenID Connect's code flow with PKCE, and the logout tokens they send. Says who somebody is
// there once every check passed, and nothing otherwise; who that is here is not decided in this folder.
import { createRemoteJWKSet, customFetch as keysFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { Failure } from '@mcpvault/domain/failure';
import type { OutboundFetch, OutboundInit } from '@mcpvault/gateway/outbound/outbound-fetch';
import type { IdentityProviderId } from '@mcpvault/domain/ids';
import { providerFailure } from './provider-failure.ts';

/** A provider with its secret opened. */
export interface OpenProvider {
  readonly id: IdentityProviderId;
  readonly issuer: string;
  readonly clientId: string;
  /** null for a client without one. */
  readonly clientSecret: string | null;
  readonly scopes: readonly string[];
  readonly groupsClaim: string;
  /** Where it sends people back to; no other provider's. */
  readonly redirectUri: string;
  /** Changes with everything above. */
  readonly version: string;
}

/** What only this hub knows of a sign-in under way. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export type Claims = Readonly<Record<string, unknown>>;

/** Whom a logout token speaks of: one sign-in by its name there, or somebody. */
export interface Ended {
  readonly session: string | null;
  readonly subject: string | null;
  /** Unique for each token. */
  readonly token: string;
  /** Milliseconds since the epoch after which the token is refused for its age. */
  readonly staleAt: number;
}

/** What a provider lets a client do for one of its people (ID-JAG); checked, but for who the client and the person are here. */
export interface AssertedGrant {
  readonly subject: string;
  /** The client, as this hub knows it. */
  readonly client: string;
  readonly resource: string;
  /** null: it says nothing about scopes. */
  readonly scope: string | null;
  /** Unique for each grant of the provider. */
  readonly id: string;
  /** Milliseconds since the epoch after which it is refused for its age. */
  readonly staleAt: number;
}

export interface ProviderClient {
  newFlow(): Flow;
  /** The address to send the browser to. Throws a `Failure` when the provider cannot be asked, as all of these do. */
  authorize(provider: OpenProvider, flow: Flow): Promise<string>;
  /** `parameters`: the query the browser came back with. */
  redeem(provider: OpenProvider, flow: Flow, parameters: string): Promise<Claims>;
  endedBy(provider: OpenProvider, logoutToken: string): Promise<Ended>;
  /** Throws `invalid_request` for what is no grant of this provider for `audience`. */
  grantIn(provider: OpenProvider, grant: string, audience: string): Promise<AssertedGrant>;
}

const timeoutSeconds = 10;
const rememberedFor = 600_000;
const rememberedAtMost = 200;
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const logoutAgeSeconds = 180;
const grantAgeSeconds = 600;
const toleranceSeconds = 30;
/** Those that nobody but the provider can make. */
export const signatureAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

interface Known {
  readonly config: oidc.Configuration;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
  readonly until: number;
}

/** `now` in milliseconds. */
export function createProviderClient(deps: { readonly fetch: OutboundFetch; now(): number }): ProviderClient {
  const known = new Map<string, Known>();

  async function discover(provider: OpenProvider): Promise<Known> {
    const key = `${provider.id} ${provider.version}`;
    const held = known.get(key);
    if (held !== undefined && held.until > deps.now()) return held;
    const config = await configure(provider, deps.fetch);
    const { jwks_uri: address } = config.serverMetadata();
    if (address === undefined) throw new Failure('upstream_invalid', 'The identity provider publishes no keys.');
    const keys = createRemoteJWKSet(new URL(address), {
      [keysFetch]: (url: string, init: RequestInit) => deps.fetch(url, init as OutboundInit),
      timeoutDuration: 10_000,
    });
    const found = { config, keys, until: deps.now() + rememberedFor };
    if (known.size >= rememberedAtMost) known.clear();
    known.set(key, found);
    return found;
  }

  return {
    newFlow: () => ({
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }),

    async authorize(provider, { state, nonce, verifier }) {
      const { config } = await discover(provider).catch(fail);
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: provider.redirectUri,
        scope: ['openid', ...provider.scopes.filter((scope) => scope !== 'openid')].join(' '),
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return url.href;
    },

    async redeem(provider, { state, nonce, verifier }, parameters) {
      const back = new URL(provider.redirectUri);
      back.search = parameters;
      try {
        const { config } = await discover(provider);
        const tokens = await oidc.authorizationCodeGrant(config, back, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Failure('upstream_invalid', 'The identity provider sent no ID token.');
        return await completed(config, provider, claims, tokens.access_token);
      } catch (error) {
        return fail(error);
      }
    },

    async endedBy(provider, logoutToken) {
      const { config, keys } = await discover(provider).catch(fail);
      const payload = await verified(logoutToken, keys, config.serverMetadata().issuer, provider.clientId);
      return endedIn(payload);
    },

    async grantIn(provider, grant, audience) {
      const { config, keys } = await discover(provider).catch(fail);
      const { issuer } = config.serverMetadata();
      const payload = await verifiedGrant(grant, keys, issuer, audience);
      return grantOf(payload, audience);
    },
  };
}

async function verifiedGrant(
  grant: string,
  keys: ReturnType<typeof createRemoteJWKSet>,
  issuer: string,
  audience: string,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(grant, keys, {
      ...{ issuer, audience, algorithms: signatureAlgorithms, typ: 'oauth-id-jag+jwt' },
      requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id', 'resource'],
      maxTokenAge: grantAgeSeconds,
      clockTolerance: toleranceSeconds,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWKSTimeout || (error instanceof Failure && error.code !== 'invalid_request'))
      fail(error);
    throw badGrant();
  }
}

function grantOf(payload: JWTPayload, audience: string): AssertedGrant {
  const { aud, sub: subject, jti: id, exp, client_id: client, resource: given, scope = null } = payload;
  const resource: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  // For several at once: any of them could bring it to the others.
  const isForUs = aud === audience || (Array.isArray(aud) && aud.length === 1);
  const whole = isText(subject) && isText(id) && isText(client) && isText(resource);
  if (!whole || !isForUs || exp === undefined || (scope !== null && typeof scope !== 'string')) throw badGrant();
  return { subject, client, resource, scope, id, staleAt: (exp + 2 * toleranceSeconds) * 1000 };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 2000;
}

function badGrant(): Failure {
  return new Failure('invalid_request', 'This is no grant of this identity provider for this hub, or it has expired.');
}

async function configure(provider: OpenProvider, fetch: OutboundFetch): Promise<oidc.Configuration> {
  const server = new URL(provider.issuer);
  const { clientSecret } = provider;
  const config = await oidc.discovery(server, provider.clientId, {}, undefined, {
    timeout: timeoutSeconds,
    [oidc.customFetch]: (url, init) => fetch(url, init as OutboundInit),
    execute: isOwnMachine(server) ? [oidc.allowInsecureRequests] : [],
  });
  const metadata = config.serverMetadata();
  // For some hosts the library lets them differ, where anybody's directory could then say who is who.
  if (new URL(metadata.issuer).href !== server.href) {
    throw new Failure('upstream_invalid', 'The identity provider calls itself something else than its address.', {
      fix: 'Use the address with the name of your own directory in it, as the provider writes its issuer.',
    });
  }
  const chosen = new oidc.Configuration(metadata, provider.clientId, {}, authenticationOf(clientSecret, metadata));
  chosen[oidc.customFetch] = (url, init) => fetch(url, init as OutboundInit);
  chosen.timeout = timeoutSeconds;
  if (isOwnMachine(server)) oidc.allowInsecureRequests(chosen);
  // That the token came over TLS is not enough: its signature is checked as well.
  oidc.enableNonRepudiationChecks(chosen);
  return chosen;
}

function authenticationOf(
  secret: string | null,
  { token_endpoint_auth_methods_supported: methods }: oidc.ServerMetadata,
) {
  if (secret === null) return oidc.None();
  const byHeader = methods === undefined || methods.includes('client_secret_basic');
  return byHeader ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret);
}

/** Only there is plain HTTP as good as any. */
export function isOwnMachine({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

/** What the ID token leaves out, the provider may say when asked; never the address from one and its proof from the other. */
async function completed(
  config: oidc.Configuration,
  provider: OpenProvider,
  claims: oidc.IDToken,
  accessToken: string,
): Promise<Claims> {
  const lacks = claims['email'] === undefined || claims[provider.groupsClaim] === undefined;
  if (!lacks || config.serverMetadata().userinfo_endpoint === undefined) return claims;
  const more = await oidc.fetchUserInfo(config, accessToken, claims.sub);
  const { email, email_verified: verified, ...others } = more;
  const address =
    claims['email'] === undefined || claims['email_verified'] === undefined ? { email, email_verified: verified } : {};
  if (claims['email'] !== undefined && claims['email'] !== email) return { ...others, ...claims };
  return { ...others, ...claims, ...address };
}

async function verified(
  token: string,
  keys: ReturnType<typeof createRemoteJWKSet>,
  issuer: string,
  audience: string,
): Promise<JWTPayload> {
  const demands = { issuer, audience, algorithms: signatureAlgorithms, requiredClaims: ['iat', 'jti'] };
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      ...demands,
      maxTokenAge: logoutAgeSeconds,
      clockTolerance: 30,
    });
    if (!['logout+jwt', 'jwt', undefined].includes(protectedHeader.typ?.toLowerCase())) throw badLogout();
    return payload;
  } catch (error) {
    throw error instanceof Failure ? error : badLogout();
  }
}

/** An ID token is no logout token, although the same keys sign both. */
function endedIn({ events, nonce, sid, sub, jti, iat }: JWTPayload): Ended {
  const event: unknown = typeof events === 'object' && events !== null ? Reflect.get(events, logoutEvent) : undefined;
  const session = typeof sid === 'string' && sid !== '' ? sid : null;
  const subject = typeof sub === 'string' && sub !== '' ? sub : null;
  const whole = typeof event === 'object' && event !== null && nonce === undefined && typeof jti === 'string';
  if (!whole || iat === undefined || (session === null && subject === null)) throw badLogout();
  return { session, subject, token: jti, staleAt: (iat + logoutAgeSeconds + 60) * 1000 };
}

function badLogout(): Failure {
  return new Failure('invalid_request', 'This is no logout token of this identity provider for this client.');
}

function fail(error: unknown): never {
  throw providerFailure(error);
}
