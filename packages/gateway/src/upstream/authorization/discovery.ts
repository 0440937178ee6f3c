// Finds out who gives tokens for a server: from what it said with its refusal, from well-known places (RFC 9728, RFC 8414,
// OpenID Connect Discovery), or in the way of 2025-03-26, when servers gave tokens themselves. Nothing found is believed
// before it names itself as it was asked for.
import { Failure } from '@mcpvault/domain/failure';
import type { AuthorizationServer } from 'oauth4webapi';
import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import { type Challenge, isScope, noChallenge, readChallenge } from './challenge.ts';

export interface AuthorizationPlace {
  /** What tokens are to be good for: the `resource` of RFC 8707. */
  readonly resource: string;
  readonly server: AuthorizationServer;
  /** What to ask for, as the server wants it; empty where it does not say. */
  readonly scopes: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * `fetch` asks the server's own origin too (near-fetch.ts). `challenge` is what the server said when it last refused somebody; null where nobody asked it yet.
 * Rejects with a `Failure`.
 */
export async function discover(
  fetch: OutboundFetch,
  serverUrl: string,
  challenge: Challenge | null,
): Promise<AuthorizationPlace> {
  const url = new URL(serverUrl);
  const said = challenge ?? (await challengeOf(fetch, url));
  const metadata = await protectedResource(fetch, url, said);
  if (metadata === null) return ownTokens(fetch, url, said);
  const resource = resourceIn(metadata, url);
  const issuer = firstIssuer(metadata, url);
  const server = await authorizationServer(fetch, issuer);
  if (server === null) {
    throw refused(`the authorization server "${hostOf(issuer)}" publishes no metadata`);
  }
  const supported = stringsIn(metadata['scopes_supported']).filter(isScope);
  return { resource, server, scopes: said.scopes.length > 0 ? said.scopes : supported };
}

/** Asks without a credential what the server wants: most say it at every request, some only when something is asked. */
async function challengeOf(fetch: OutboundFetch, url: URL): Promise<Challenge> {
  const clientInfo = { name: 'mcpvault', version: '0.1.0' };
  const opening = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  for (const [method, params] of [
    ['tools/list', {}],
    ['initialize', opening],
  ] as const) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      redirect: 'manual',
    }).catch((error: unknown) => whereSilent(error));
    const challenge = answer?.status === 401 ? readChallenge(answer.headers.get('www-authenticate')) : null;
    if (challenge !== null) return challenge;
  }
  return noChallenge;
}

/** A server that answers with a stream without end, or with too much, has just said nothing of use. */
function whereSilent(error: unknown): null {
  if (error instanceof Failure && (error.code === 'upstream_timeout' || error.code === 'upstream_invalid')) return null;
  throw error;
}

async function protectedResource(fetch: OutboundFetch, url: URL, said: Challenge): Promise<Json | null> {
  if (said.resourceMetadata !== null) {
    const named = await metadataAt(fetch, said.resourceMetadata);
    if (named !== null) return named;
    throw refused('the server names metadata of its own that cannot be read');
  }
  for (const place of wellKnown(url, 'oauth-protected-resource')) {
    const found = await metadataAt(fetch, place);
    if (found !== null) return found;
  }
  return null;
}

/** Before 2025-06-18 servers gave tokens themselves, at places that metadata at their root says, or that are always the same. */
async function ownTokens(fetch: OutboundFetch, url: URL, said: Challenge): Promise<AuthorizationPlace> {
  const { origin } = url;
  const server = (await authorizationServer(fetch, origin)) ?? {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    code_challenge_methods_supported: ['S256'],
  };
  return { resource: canonical(url), server, scopes: said.scopes };
}

async function authorizationServer(fetch: OutboundFetch, issuer: string): Promise<AuthorizationServer | null> {
  for (const place of metadataPlaces(issuer)) {
    const found = await metadataAt(fetch, place);
    if (found === null) continue;
    if (found['issuer'] !== issuer) {
      throw refused(`the metadata of "${hostOf(issuer)}" names another issuer than the one that was asked for`);
    }
    return tidy(found, issuer);
  }
  return null;
}

/** Only what is used, each of the kind that it should be. */
function tidy(found: Json, issuer: string): AuthorizationServer {
  const server: Record<string, string | boolean | readonly string[]> = {};
  for (const name of textual) {
    const value = found[name];
    if (typeof value === 'string' && value.length <= 4_000) server[name] = value;
  }
  for (const name of listing) if (Array.isArray(found[name])) server[name] = stringsIn(found[name]);
  for (const name of claiming) if (typeof found[name] === 'boolean') server[name] = found[name];
  return { ...server, issuer };
}

const textual = ['authorization_endpoint', 'token_endpoint', 'registration_endpoint', 'revocation_endpoint'];
const listing = [
  'code_challenge_methods_supported',
  'scopes_supported',
  'token_endpoint_auth_methods_supported',
  'grant_types_supported',
  'id_token_signing_alg_values_supported',
];
const claiming = ['authorization_response_iss_parameter_supported', 'client_id_metadata_document_supported'];

/** In the order of the specification: with a path, it is inserted twice before it is appended once. */
export function metadataPlaces(issuer: string): readonly string[] {
  const url = URL.parse(issuer);
  if (url === null || url.search !== '' || url.hash !== '')
    throw refused('the server names no usable authorization server');
  const path = url.pathname.replace(/\/$/, '');
  const at = (name: string): string => `${url.origin}/.well-known/${name}`;
  if (path === '') return [at('oauth-authorization-server'), at('openid-configuration')];
  return [
    `${at('oauth-authorization-server')}${path}`,
    `${at('openid-configuration')}${path}`,
    `${url.origin}${path}/.well-known/openid-configuration`,
  ];
}

function wellKnown(url: URL, name: string): readonly string[] {
  const root = `${url.origin}/.well-known/${name}`;
  const path = url.pathname.replace(/\/$/, '');
  return path === '' ? [root] : [`${root}${path}${url.search}`, root];
}

/** null where there is none: anything but a JSON object under a success. */
async function metadataAt(fetch: OutboundFetch, place: string): Promise<Json | null> {
  const answer = await fetch(place, { headers: { accept: 'application/json', 'mcp-protocol-version': '2025-11-25' } });
  if (answer.status >= 500 || answer.status === 429) {
    throw new Failure('upstream_unavailable', `"${hostOf(place)}" answered with HTTP ${answer.status}`);
  }
  if (!answer.ok) return null;
  try {
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Json) : null;
  } catch {
    return null;
  }
}

/**
 * Tokens for another resource would be somebody else's: what the metadata names must be the server, or hold it. Throws a
 * `Failure`.
 */
function resourceIn(metadata: Json, url: URL): string {
  const { resource } = metadata;
  const named = typeof resource === 'string' ? URL.parse(resource) : null;
  const holds =
    named !== null && named.origin === url.origin && isBelow(url.pathname, named.pathname) && named.hash === '';
  if (typeof resource !== 'string' || !holds) {
    throw refused('the metadata of the server is about another resource than the server');
  }
  return resource;
}

function isBelow(path: string, base: string): boolean {
  const folder = base.endsWith('/') ? base : `${base}/`;
  return path === base || `${path}/`.startsWith(folder);
}

function firstIssuer(metadata: Json, url: URL): string {
  const [first] = stringsIn(metadata['authorization_servers']);
  if (first !== undefined) return first;
  throw refused(`the metadata of "${url.host}" names no authorization server`);
}

function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string').slice(0, 100) : [];
}

/** Without what a resource indicator must not have, nor a slash that stands for nothing. */
function canonical(url: URL): string {
  const text = `${url.origin}${url.pathname}${url.search}`;
  return url.pathname === '/' && url.search === '' ? url.origin : text;
}

function hostOf(place: string): string {
  return (URL.parse(place)?.host ?? 'somewhere').slice(0, 200);
}

function refused(text: string): Failure {
  return new Failure('upstream_invalid', `${text}.`);
}
