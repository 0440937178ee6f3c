// The steps by which tokens come: off to the authorization server in a browser, back with a code, from time to time a
// fresh token, and for machines one request without any person.
import { createPrivateKey } from 'node:crypto';
import type { ClientKeyAlgorithm } from '@mcpvault/domain/catalog/upstream-auth';
import { Failure } from '@mcpvault/domain/failure';
import * as oauth from 'oauth4webapi';
import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import { scopesIn } from './challenge.ts';
import type { KnownClient } from './client-identity.ts';
import { asFailure } from './oauth-failure.ts';

/** Who gives tokens, to whom, and for what. Holds secrets of the client. */
export interface Party {
  readonly server: oauth.AuthorizationServer;
  readonly client: KnownClient;
  /** null where the authorization server refuses to be told. */
  readonly resource: string | null;
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string | null;
  /** Milliseconds since the epoch; null where nobody said. */
  readonly expiresAt: number | null;
  /** null where nobody said: what was asked for. */
  readonly scopes: readonly string[] | null;
}

export interface FlowDeps {
  readonly fetch: OutboundFetch;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface SignInStart {
  readonly url: string;
  readonly verifier: string;
}

/** Where to send the browser. `state` is the caller's own, good once. Throws a `Failure`. */
export async function startSignIn(
  party: Party,
  {
    state,
    redirectUri,
    scopes,
  }: { readonly state: string; readonly redirectUri: string; readonly scopes: readonly string[] },
): Promise<SignInStart> {
  const { server, client, resource } = party;
  const url = browserPlace(server);
  if (server.code_challenge_methods_supported?.includes('S256') !== true) {
    throw new Failure(
      'upstream_invalid',
      `"${url.host}" does not offer PKCE with S256, without which a code could be stolen.`,
    );
  }
  const asked = withOffline(scopes, server);
  const verifier = oauth.generateRandomCodeVerifier();
  const parameters: Record<string, string> = {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: redirectUri,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(resource !== null && { resource }),
    ...(asked.length > 0 && { scope: asked.join(' ') }),
    // OpenID Connect demands it for offline access.
    ...(asked.includes('offline_access') && { prompt: 'consent' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, verifier };
}

/** `answer`: the query that the browser came back with. Rejects with a `Failure`. */
export async function finishSignIn(
  deps: FlowDeps,
  party: Party,
  back: {
    readonly answer: URLSearchParams;
    readonly state: string;
    readonly verifier: string;
    readonly redirectUri: string;
  },
): Promise<Tokens> {
  const { server, client } = party;
  const known = asClient(client);
  try {
    const answer = oauth.validateAuthResponse(server, known, back.answer, back.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      known,
      proofOf(client),
      answer,
      back.redirectUri,
      back.verifier,
      options(deps, party),
    );
    return tokensIn(deps, await oauth.processAuthorizationCodeResponse(server, known, response));
  } catch (error) {
    throw asFailure(error, `Signing in at "${hostOf(server)}" failed`);
  }
}

/** The old refresh token stays good where no new one comes. Rejects with `AuthorizationRefused` when it is over for good. */
export async function renew(deps: FlowDeps, party: Party, refresh: string): Promise<Tokens> {
  const { server, client } = party;
  const known = asClient(client);
  try {
    const response = await oauth.refreshTokenGrantRequest(
      server,
      known,
      proofOf(client),
      refresh,
      options(deps, party),
    );
    const tokens = tokensIn(deps, await oauth.processRefreshTokenResponse(server, known, response));
    return { ...tokens, refresh: tokens.refresh ?? refresh };
  } catch (error) {
    throw asFailure(error, `Renewing the sign-in at "${hostOf(server)}" failed`);
  }
}

/** For connections that no person signs in to. Rejects with a `Failure`. */
export async function signInAsClient(deps: FlowDeps, party: Party, scopes: readonly string[]): Promise<Tokens> {
  const { server, client } = party;
  const known = asClient(client);
  const asked: Record<string, string> = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  const { additionalParameters, ...rest } = options(deps, party);
  try {
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      known,
      proofOf(client),
      { ...additionalParameters, ...asked },
      rest,
    );
    return tokensIn(deps, await oauth.processClientCredentialsResponse(server, known, response));
  } catch (error) {
    throw asFailure(error, `Signing in at "${hostOf(server)}" failed`);
  }
}

/** Asks for a token to be forgotten, where the authorization server can. */
export async function revoke(deps: FlowDeps, party: Party, token: string): Promise<void> {
  const { server, client } = party;
  if (typeof server.revocation_endpoint !== 'string') return;
  const { additionalParameters: _, ...rest } = options(deps, party);
  try {
    const answer = await oauth.revocationRequest(server, asClient(client), proofOf(client), token, rest);
    await oauth.processRevocationResponse(answer);
  } catch (error) {
    throw asFailure(error, `"${hostOf(server)}" did not take a token back`);
  }
}

function browserPlace({ authorization_endpoint: place, issuer }: oauth.AuthorizationServer): URL {
  const url = typeof place === 'string' ? URL.parse(place) : null;
  // What the browser opens is no script, and no less safe than the issuer itself.
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && issuer.startsWith('http:'));
  if (url === null || !isSafe || url.username !== '' || url.password !== '') {
    throw new Failure('upstream_invalid', 'The authorization server names no usable page to sign in at.');
  }
  return url;
}

/** Tokens that can be renewed are asked for where that is offered, and only there. */
function withOffline(scopes: readonly string[], server: oauth.AuthorizationServer): readonly string[] {
  const isOffered = server.scopes_supported?.includes('offline_access') === true;
  const others = scopes.filter((scope) => scope !== 'offline_access');
  return isOffered ? [...others, 'offline_access'] : others;
}

function options({ fetch }: FlowDeps, { resource }: Party) {
  const additionalParameters: Record<string, string> = resource === null ? {} : { resource };
  return {
    [oauth.customFetch]: (url: string, init: object) => fetch(url, init),
    // Whether a place may be asked without TLS is the guard's to say.
    [oauth.allowInsecureRequests]: true,
    additionalParameters,
  };
}

function asClient({ id }: KnownClient): oauth.Client {
  return { client_id: id };
}

function proofOf({ method, secret, key }: KnownClient): oauth.ClientAuth {
  if (method === 'private_key_jwt' && key !== null) return signedProof(key);
  if (method === 'client_secret_post' && secret !== null) return oauth.ClientSecretPost(secret);
  if (method === 'client_secret_basic' && secret !== null) return basicProof(secret);
  return oauth.None();
}

/** Encoded as forms are (RFC 6749 §2.3.1), and no more than that, since many authorization servers do not decode it. */
function basicProof(secret: string): oauth.ClientAuth {
  const encoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return (_server, { client_id: id }, _body, headers) => {
    headers.set('authorization', `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`);
  };
}

function signedProof({ pem, algorithm }: NonNullable<KnownClient['key']>): oauth.ClientAuth {
  return async (server, client, body, headers) => {
    await oauth.PrivateKeyJwt(await importKey(pem, algorithm))(server, client, body, headers);
  };
}

const importing: Readonly<Record<ClientKeyAlgorithm, Parameters<typeof crypto.subtle.importKey>[2]>> = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
};

async function importKey(pem: string, algorithm: ClientKeyAlgorithm): Promise<oauth.CryptoKey> {
  try {
    const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
    return await crypto.subtle.importKey('pkcs8', der, importing[algorithm], false, ['sign']);
  } catch {
    throw new Failure('upstream_invalid', `The private key of this client is no PKCS #8 key for ${algorithm}.`);
  }
}

function tokensIn({ now }: FlowDeps, response: oauth.TokenEndpointResponse): Tokens {
  const { access_token: access, refresh_token: refresh, expires_in: seconds, scope, token_type: type } = response;
  if (type !== 'bearer')
    throw new Failure('upstream_invalid', 'The authorization server gave a token that is not a bearer token.');
  // What is written into a header must not be able to write another one.
  if (!/^[\x21-\x7e]{1,16384}$/.test(access)) {
    throw new Failure('upstream_invalid', 'The authorization server gave a token that no header can carry.');
  }
  return {
    access,
    refresh: refresh ?? null,
    expiresAt: seconds === undefined ? null : now() + Math.min(seconds, 10 * 365 * 86_400) * 1000,
    scopes: scope === undefined ? null : scopesIn(scope),
  };
}

function hostOf({ issuer }: oauth.AuthorizationServer): string {
  return URL.parse(issuer)?.host ?? 'the authorization server';
}
