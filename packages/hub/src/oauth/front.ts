// The addresses that AI clients know of the hub as authorization server: discovery, the library's own routes, and where a
// member's browser brings back what the member decided. Mends and bounds what comes in before the library reads it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@mcpvault/domain/ambient';
import { addressOfMessage } from '@mcpvault/gateway/downstream/address-of';
import type { Log } from '@mcpvault/gateway/ports';
import type { Stores } from '@mcpvault/store/stores';
import { addressKey } from '../auth/lockout.ts';
import { type AuthorizationServer, askingPath, routes } from './authorization-server.ts';
import { tidiedMetadata } from './clients.ts';
import { bodyOf, requestWith } from './request-body.ts';
import { createBeginnings } from './beginnings.ts';
import { metadataPath, type Resources } from './resources.ts';
import { scopes, usualScope } from './scopes.ts';
import { readTicket } from './ticket.ts';
import type { TokenDesk } from './token-desk.ts';

export interface OauthFront {
  /** False for paths that are none of its own; otherwise it answers. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean;
}

export interface OauthFrontDeps {
  readonly url: string;
  readonly server: AuthorizationServer;
  readonly tokens: TokenDesk;
  readonly resources: Resources;
  readonly stores: Pick<Stores, 'oauthArtifacts' | 'connectedClients'>;
  readonly ticketKey: Buffer;
  /** How many proxies in front of the hub say where requests come from. */
  readonly proxies: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Anybody may register; nobody may fill the database that way, nor keep others from it. */
const registrationsAnHour = { here: 500, fromOneNetwork: 60 };
const hour = 3_600_000;

export function createOauthFront(deps: OauthFrontDeps): OauthFront {
  const { url, server, tokens, resources, stores, clock, log } = deps;
  const beginnings = createBeginnings(clock);

  async function answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (path.startsWith(metadataPath)) return resourceMetadata(request, response, path);
    if (path.startsWith(`${askingPath}/`)) return finish(request, response, path);
    switch (path) {
      case routes.authorization:
        if (tooMany(request, response)) return;
        addUsualScope(request);
        break;
      case routes.device_authorization:
        if (tooMany(request, response)) return;
        break;
      case routes.registration:
        return register(request, response);
      case routes.revocation:
      case routes.introspection:
        return aboutToken(request, response, path);
      default:
    }
    await server.handle(request, response);
  }

  /** Answers where it is so. */
  function tooMany(request: IncomingMessage, response: ServerResponse): boolean {
    const wait = beginnings.wait(networkOf(request));
    if (wait === 0) return false;
    response.setHeader('retry-after', String(wait));
    json(response, 429, { error: 'temporarily_unavailable', error_description: 'too many sign-ins were begun' });
    return true;
  }

  function networkOf(request: IncomingMessage): Buffer {
    return addressKey(addressOfMessage(request, deps.proxies) ?? 'unknown');
  }

  function resourceMetadata(request: IncomingMessage, response: ServerResponse, path: string): void {
    const resource = resources.at(request.headers.host, path.slice(metadataPath.length) || '/mcp');
    if (resource === null) return json(response, 404, { error: 'not_found' });
    json(response, 200, {
      resource,
      authorization_servers: [url],
      scopes_supported: scopes,
      bearer_methods_supported: ['header'],
      resource_name: 'MCPVault',
    });
  }

  async function register(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return server.handle(request, response);
    const body = await bodyOf(request);
    const given = body === null ? null : parsed(body);
    if (given === null) return json(response, 400, { error: 'invalid_client_metadata' });
    const from = networkOf(request);
    const since = clock.now() - hour;
    const { here, fromOneNetwork } = registrationsAnHour;
    const isTooMany =
      (await stores.oauthArtifacts.registeredSince(since, from)) >= fromOneNetwork ||
      (await stores.oauthArtifacts.registeredSince(since)) >= here;
    if (isTooMany) {
      response.setHeader('retry-after', '600');
      return json(response, 429, { error: 'temporarily_unavailable', error_description: 'too many registrations' });
    }
    const tidy = { ...(tidiedMetadata(given) as object), client_id: undefined };
    response.setHeader('access-control-allow-origin', '*');
    await server.handle(requestWith(request, JSON.stringify(tidy)), response, async ({ body: made }) => {
      const id: unknown = typeof made === 'object' && made !== null ? Reflect.get(made, 'client_id') : undefined;
      if (typeof id === 'string') await stores.oauthArtifacts.registeredFrom(id, from);
      return made;
    });
  }

  /** Access tokens are signed, not kept, and the library knows only what is kept. */
  async function aboutToken(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (request.method !== 'POST') return server.handle(request, response);
    const body = await bodyOf(request);
    if (body === null) return json(response, 400, { error: 'invalid_request' });
    const form = new URLSearchParams(body);
    const known = form.getAll('token').length === 1 ? await tokens.read(form.get('token') ?? '') : null;
    if (known === null) return server.handle(requestWith(request, body), response);
    // The library proves who asks, about a token that nobody has; about the real one we answer ourselves.
    form.set('token', 'signed');
    await server.handle(requestWith(request, form.toString()), response, async ({ client, body: empty }) => {
      if (client !== known.client_id) return empty;
      if (path === routes.introspection) return tokens.introspect(known);
      await tokens.revoke(known);
      return empty;
    });
  }

  async function finish(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const uid = path.slice(askingPath.length + 1, -finishing.length);
    if (request.method !== 'POST' || !/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
      return json(response, 415, { error: 'invalid_request' });
    }
    const body = await bodyOf(request);
    const { ticket } = (body === null ? null : (parsed(body) as { readonly ticket?: unknown } | null)) ?? {};
    const decision = typeof ticket === 'string' ? readTicket(deps.ticketKey, ticket, clock.now()) : null;
    const provider = await server.provider();
    // The cookie says which browser the client's request came from; another one could carry the answer to a thief.
    const asked = await provider.interactionDetails(request, response).catch(() => null);
    if (decision === null || asked === null || asked.uid !== uid || decision.interaction !== uid) {
      return json(response, 403, { error: 'access_denied' });
    }
    const { allowed } = decision;
    if (allowed !== null) await stores.connectedClients.create(allowed);
    asked.result =
      allowed === null
        ? { error: 'access_denied', error_description: 'the member did not allow it' }
        : {
            login: { accountId: `${allowed.organization}/${allowed.member}`, remember: false },
            consent: { grantId: allowed.id },
          };
    await asked.save(asked.exp - Math.floor(clock.now() / 1000));
    json(response, 200, { to: asked.returnTo });
  }

  return {
    handle(request, response, path) {
      if (!isOurs(path)) return false;
      answer(request, response, path).catch((error: unknown) => {
        log.error({ err: error }, 'an OAuth request failed for a reason that is a bug');
        if (response.headersSent) response.destroy();
        else json(response, 500, { error: 'server_error' });
      });
      return true;
    },
  };
}

const finishing = '/finish';

function isOurs(path: string): boolean {
  if (path.startsWith('/oauth/')) return true;
  if (path === metadataPath || path.startsWith(`${metadataPath}/`)) return true;
  if (path === '/.well-known/oauth-authorization-server' || path === '/.well-known/openid-configuration') return true;
  return path.startsWith(`${askingPath}/`) && path.endsWith(finishing);
}

/** For clients that say nothing about what they want. */
function addUsualScope(request: IncomingMessage): void {
  const [path, query = ''] = (request.url ?? '').split('?', 2);
  const asked = new URLSearchParams(query);
  if (asked.get('scope')) return;
  asked.set('scope', usualScope);
  request.url = `${path}?${asked.toString()}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
    })
    .end(JSON.stringify(body));
}
