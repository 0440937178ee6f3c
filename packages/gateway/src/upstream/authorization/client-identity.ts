// Who MCPVault is to an authorization server: a client that people registered by hand, its own metadata document, or one
// that it registers by itself, in this order.
import type { ClientAuthMethod, ClientKeyAlgorithm, GivenClient } from '@mcpvault/domain/catalog/upstream-auth';
import { Failure } from '@mcpvault/domain/failure';
import * as oauth from 'oauth4webapi';
import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import { asFailure } from './oauth-failure.ts';

/** Good at one issuer only. Holds secrets. */
export interface KnownClient {
  readonly kind: 'given' | 'document' | 'registered';
  readonly id: string;
  readonly method: ClientAuthMethod;
  readonly secret: string | null;
  readonly key: { readonly pem: string; readonly algorithm: ClientKeyAlgorithm } | null;
  /** Milliseconds since the epoch: when the authorization server forgets the secret; null for never. */
  readonly expiresAt: number | null;
}

export interface IdentityOptions {
  readonly fetch: OutboundFetch;
  readonly server: oauth.AuthorizationServer;
  readonly given: GivenClient | undefined;
  /** Registered with this issuer earlier, under the same redirect URI. */
  readonly registered: KnownClient | null;
  /** Where MCPVault publishes its metadata; null where others could not fetch it. */
  readonly document: string | null;
  readonly redirectUri: string;
}

/** Rejects with a `Failure` that says what an admin can do. */
export async function identify(options: IdentityOptions): Promise<KnownClient> {
  const { server, given, registered, document } = options;
  if (given !== undefined) return fromGiven(given, server);
  if (document !== null && server['client_id_metadata_document_supported'] === true) {
    return { kind: 'document', id: document, method: 'none', secret: null, key: null, expiresAt: null };
  }
  if (registered !== null) return registered;
  if (typeof server.registration_endpoint === 'string') return register(options);
  throw new Failure('upstream_invalid', `"${hostOf(server)}" lets no client make itself known.`, {
    fix: 'Register MCPVault there by hand, and give the client id and secret in the settings of the server.',
  });
}

/** What clients that publish their metadata say of themselves, and what those that register send. */
export function clientMetadata(redirectUri: string) {
  const isWeb = redirectUri.startsWith('https:');
  return {
    client_name: 'MCPVault',
    client_uri: new URL(redirectUri).origin,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    application_type: isWeb ? 'web' : 'native',
  };
}

function fromGiven(
  { id, secret, key, algorithm = 'ES256', method }: GivenClient,
  server: oauth.AuthorizationServer,
): KnownClient {
  const signs = key === undefined ? null : { pem: key, algorithm };
  const best = method ?? (signs === null ? methodFor(server, secret) : 'private_key_jwt');
  return { kind: 'given', id, method: best, secret: secret ?? null, key: signs, expiresAt: null };
}

async function register({ fetch, server, redirectUri }: IdentityOptions): Promise<KnownClient> {
  const wanted = methodFor(server, 'a secret');
  try {
    const answer = await oauth.dynamicClientRegistrationRequest(
      server,
      { ...clientMetadata(redirectUri), token_endpoint_auth_method: wanted },
      { [oauth.customFetch]: fetch, [oauth.allowInsecureRequests]: true },
    );
    const client = await registrationIn(answer);
    const { client_id: id, client_secret: secret, client_secret_expires_at: ends } = client;
    const told = isMethod(client.token_endpoint_auth_method) ? client.token_endpoint_auth_method : wanted;
    return {
      kind: 'registered',
      id,
      method: typeof secret === 'string' || told === 'private_key_jwt' ? told : 'none',
      secret: typeof secret === 'string' ? secret : null,
      key: null,
      expiresAt: typeof ends === 'number' && ends > 0 ? ends * 1000 : null,
    };
  } catch (error) {
    throw asFailure(error, `"${hostOf(server)}" did not register MCPVault as its client`);
  }
}

/** Read more mildly than the library does: many authorization servers say nothing of when a secret ends. */
async function registrationIn(
  answer: Response,
): Promise<Readonly<Record<string, unknown>> & { readonly client_id: string }> {
  const body: unknown = answer.ok ? await answer.json() : null;
  const client = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { client_id: id } = client;
  if (typeof id === 'string' && id !== '' && id.length <= 2_000) return { ...client, client_id: id };
  throw new Failure('upstream_invalid', `An authorization server did not register MCPVault (HTTP ${answer.status}).`, {
    fix: 'Register MCPVault there by hand, and give the client id and secret in the settings of the server.',
  });
}

/** Without a word of the authorization server it takes the first of these (RFC 8414 §2). */
function methodFor(server: oauth.AuthorizationServer, secret: string | undefined): ClientAuthMethod {
  if (secret === undefined) return 'none';
  const supported = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return (['client_secret_basic', 'client_secret_post'] as const).find((each) => supported.includes(each)) ?? 'none';
}

function isMethod(method: unknown): method is ClientAuthMethod {
  return method === 'none' || method === 'client_secret_basic' || method === 'client_secret_post';
}

function hostOf({ issuer }: oauth.AuthorizationServer): string {
  return URL.parse(issuer)?.host ?? 'the authorization server';
}
