// SCIM 2.0 (RFC 7643, RFC 7644), with which identity providers such as Entra and Okta provision members and teams. Each
// organization has its own tokens; whoever has one sees and changes that organization only. Refuses what it does not
// support in SCIM's own words, and never says what is inside other organizations.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ambient } from '@mcpvault/domain/ambient';
import { Failure, failures } from '@mcpvault/domain/failure';
import { addressOfMessage } from '@mcpvault/gateway/downstream/address-of';
import type { Log } from '@mcpvault/gateway/ports';
import type { Stores } from '@mcpvault/store/stores';
import { hashOf, kindOf } from '../auth/credential.ts';
import { scimRoot } from '../http/hub-server.ts';
import { readText } from '../http/requests.ts';
import { isObject, type Resource } from './patch.ts';
import type { Provider, Provision } from './provision.ts';
import { type Answer, createScimRoutes } from './scim-routes.ts';
import { invalid, ScimFailure } from './scim-failure.ts';

export interface ScimFaceDeps {
  readonly stores: Stores;
  readonly provision: Provision;
  readonly ambient: Ambient;
  readonly log: Log;
  /** How many proxies in front are believed when they say where a request came from. */
  readonly proxies: number;
  /** How the hub is reached, without a slash at its end. */
  readonly url: string;
}

const bodyBytesAtMost = 4 * 1024 * 1024;
/** Milliseconds between two notes of when a token was last used. */
const touchEvery = 60_000;
const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';

export function createScimFace(deps: ScimFaceDeps) {
  const { stores, ambient, log, proxies, url } = deps;
  const base = url + scimRoot;
  const answerTo = createScimRoutes({ stores, provision: deps.provision, base });

  return (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const requestId = ambient.ids.next('req');
    handle(request, path, requestId).then(
      (answer) => send(response, answer, requestId),
      (error: unknown) => send(response, refusal(error, requestId, log), requestId),
    );
  };

  async function handle(request: IncomingMessage, path: string, requestId: string): Promise<Answer> {
    const provider = await providerOf(request, requestId);
    const method = request.method ?? 'GET';
    const query = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '');
    const [, kind = '', id = null] = path.slice(scimRoot.length).split('/').map(decoded);
    const answer = await answerTo(provider, {
      method,
      kind,
      id,
      query,
      body: () => bodyOf(request),
      ifMatch: request.headers['if-match'] ?? null,
    });
    return notModified(request, tagged(answer));
  }

  async function providerOf(request: IncomingMessage, requestId: string): Promise<Provider> {
    const credential = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const token =
      kindOf(credential) === 'provisioning' ? await stores.provisioningTokens.byHash(hashOf(credential)) : null;
    const now = ambient.clock.now();
    const isGood = token !== null && token.revokedAt === null && (token.expiresAt === null || token.expiresAt > now);
    if (!isGood) throw new ScimFailure(401, 'This provisioning token is unknown, expired or revoked.');
    if (token.lastUsedAt === null || token.lastUsedAt + touchEvery < now) {
      await stores.provisioningTokens.touch(token.id, now);
    }
    return { token, address: addressOfMessage(request, proxies) ?? 'unknown', requestId };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Resource> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/(scim\+)?json\s*(;|$)/i.test(type)) {
    throw new ScimFailure(415, 'Send the body as application/scim+json.');
  }
  const text = await readText(request, bodyBytesAtMost);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalid('The body is not valid JSON.', 'invalidSyntax');
  }
  if (!isObject(body)) throw invalid('The body should be a JSON object.', 'invalidSyntax');
  if (holdsNul(body)) throw invalid('The body holds a NUL character.', 'invalidValue');
  return body;
}

/** The database takes no such text. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name.includes('\0') || holdsNul(inner));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ScimFailure(404, 'There is nothing at this address.');
  }
}

/** The version of a single resource as a header. */
function tagged(answer: Answer): Answer {
  const meta = answer.body?.['meta'];
  const version = isObject(meta) ? meta['version'] : undefined;
  return typeof version === 'string' ? { ...answer, headers: { ...answer.headers, etag: version } } : answer;
}

function notModified(request: IncomingMessage, answer: Answer): Answer {
  const known = request.headers['if-none-match'];
  const isSame = request.method === 'GET' && known !== undefined && answer.headers?.['etag'] === known;
  return isSame ? { ...answer, status: 304, body: null } : answer;
}

function refusal(error: unknown, requestId: string, log: Log): Answer {
  const said = asScim(error, requestId, log);
  return {
    status: said.status,
    body: {
      schemas: [errorSchema],
      status: String(said.status),
      ...(said.scimType === null ? {} : { scimType: said.scimType }),
      detail: said.message,
    },
    ...(said.status === 401 ? { headers: { 'www-authenticate': 'Bearer' } } : {}),
  };
}

function asScim(error: unknown, requestId: string, log: Log): ScimFailure {
  if (error instanceof ScimFailure) return error;
  if (error instanceof Failure) {
    const { status } = failures[error.code];
    return new ScimFailure(status, error.message, status === 409 ? 'uniqueness' : null);
  }
  log.error({ requestId, error }, 'a SCIM request failed in a way that was not foreseen');
  return new ScimFailure(500, `Something went wrong inside MCPVault; look for ${requestId} in the hub’s log.`);
}

function send(response: ServerResponse, { status, body, headers }: Answer, requestId: string): void {
  const text = body === null ? '' : JSON.stringify(body);
  response
    .writeHead(status, {
      ...(body === null ? {} : { 'content-type': 'application/scim+json' }),
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
      ...headers,
    })
    .end(text);
}
