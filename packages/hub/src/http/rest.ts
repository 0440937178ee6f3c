// REST: a loop over the contract. Reads the request's parts into one input, asks `execute`, and writes the answer; it
// decides nothing.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpBindings, getRequestListener } from '@hono/node-server';
import { openApi } from '@mcpvault/contract/openapi';
import type { Operation } from '@mcpvault/contract/operation';
import { type OperationKey, operations } from '@mcpvault/contract/operations';
import { apiRoot, mediaTypes, takesBody } from '@mcpvault/contract/route';
import type { Ids } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import { addressOfMessage } from '@mcpvault/gateway/downstream/address-of';
import type { Log } from '@mcpvault/gateway/ports';
import { type Context, Hono } from 'hono';
import { type Actor, signedIn } from '../actor.ts';
import type { IdentityCache } from '../auth/identity-cache.ts';
import type { Execute } from '../execute.ts';
import { createGraphQL } from './graphql/graphql-face.ts';
import { problemAnswer } from './problem.ts';
import { readText } from './requests.ts';

export interface RestDeps {
  readonly execute: Execute;
  readonly identities: Pick<IdentityCache, 'identity'>;
  readonly ids: Ids;
  readonly log: Log;
  readonly about: { readonly version: string; readonly url: string };
  /** How many proxies in front are believed when they say where a request came from. */
  readonly proxies: number;
}

type Env = { Bindings: HttpBindings; Variables: { requestId: string } };
type Asked = Context<Env>;

const bodyBytesAtMost = 4 * 1024 * 1024;
/** Of those who have not signed in yet, who say little more than a password. */
const strangersBodyBytesAtMost = 64 * 1024;
const graphqlPath = `${apiRoot}/graphql`;
const graphqlBytesAtMost = 64 * 1024;
const always = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

export function createRest(deps: RestDeps): (request: IncomingMessage, response: ServerResponse) => void {
  const { ids, log, about } = deps;
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    c.set('requestId', ids.next('req'));
    await next();
    for (const [name, value] of Object.entries(always)) c.header(name, value);
    c.header('x-request-id', c.get('requestId'));
  });

  for (const key of Object.keys(operations) as OperationKey[]) {
    const operation = operations[key];
    for (const path of pathsOf(operation)) app.on(operation.method, path, (c) => answer(c, key, operation, deps));
  }
  const answerGraphQL = createGraphQL(deps);
  app.post(graphqlPath, async (c) => {
    const actor = await actorOf(c, 'self', deps);
    signedIn(actor);
    const { status, body } = await answerGraphQL(await bodyOf(c, 'json', graphqlBytesAtMost), actor);
    return c.json(body, status);
  });
  const document = JSON.stringify(openApi(about));
  app.get(`${apiRoot}/openapi.json`, (c) => c.body(document, 200, { 'content-type': 'application/json' }));
  refuseOtherMethods(app);
  app.notFound((c) => {
    throw new Failure('not_found', `There is nothing at ${c.req.path}.`, { fix: `See ${apiRoot}/openapi.json.` });
  });
  app.onError((error, c) => {
    const { status, headers, body } = problemAnswer(error, c.get('requestId'), log);
    return c.body(body, status as 500, { ...always, ...headers });
  });
  const listener = getRequestListener(app.fetch as Parameters<typeof getRequestListener>[0], {
    overrideGlobalObjects: false,
  });
  return (request, response) => void listener(request, response);
}

async function answer(c: Asked, key: OperationKey, operation: Operation, deps: RestDeps): Promise<Response> {
  const actor = await actorOf(c, operation.permission, deps);
  // Before the body is read: from somebody unknown it is not even wanted.
  if (operation.permission !== 'anyone') signedIn(actor);
  const atMost = operation.permission === 'anyone' ? strangersBodyBytesAtMost : bodyBytesAtMost;
  const input = {
    ...(takesBody(operation) ? await bodyOf(c, operation.takes, atMost) : c.req.query()),
    ...c.req.param(),
  };
  // `execute` parses it: its type is a hope until then.
  const output: unknown = await deps.execute(key, input as never, actor);
  if (operation.status === 204) return c.body(null, 204);
  return c.json(output, operation.status);
}

async function actorOf(
  c: Asked,
  permission: Operation['permission'],
  { identities, proxies }: RestDeps,
): Promise<Actor> {
  const about = {
    address: addressOfMessage(c.env.incoming, proxies) ?? 'unknown',
    client: (c.req.header('user-agent') ?? 'unknown').slice(0, 200),
    requestId: c.get('requestId'),
  };
  const credential = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (permission === 'anyone' || credential === undefined)
    return { caller: null, signIn: null, mustEnrol: false, ...about };
  const identity = await identities.identity(credential);
  if (identity === null) {
    throw new Failure('unauthenticated', 'This access token is unknown, expired or revoked.', {
      fix: 'Sign in again.',
    });
  }
  const { caller, signIn, mustEnrol } = identity;
  return { caller, signIn, mustEnrol, ...about };
}

async function bodyOf(c: Asked, takes: Operation['takes'], atMost: number): Promise<Record<string, unknown>> {
  const text = await readText(c.env.incoming, atMost);
  if (text === '') return {};
  const mediaType = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== mediaTypes[takes]) {
    throw new Failure('unsupported_media_type', `Send the body with content-type: ${mediaTypes[takes]}.`);
  }
  if (takes === 'form') return formOf(text);
  const body = parseJson(text);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new Failure('invalid_request', 'The body should be a JSON object.');
}

/** A name that comes twice is no form of ours: which of the two counts would be anybody's guess. */
function formOf(text: string): Record<string, string> {
  const pairs = [...new URLSearchParams(text)];
  const body = Object.fromEntries(pairs);
  if (Object.keys(body).length === pairs.length) return body;
  throw new Failure('invalid_request', 'A name comes twice in this form.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('parse_error', 'The body is not valid JSON.');
  }
}

/** Below /api/v1; signing in and the servers also without the version, for tools that knew them so. */
function pathsOf({ path }: Operation): readonly string[] {
  const route = path.replace(/\{(\w+)\}/g, ':$1');
  const unversioned = /^\/(auth\/(login|refresh|logout)|mcp\/servers(\/.*)?)$/.test(path);
  return unversioned ? [apiRoot + route, `/api${route}`] : [apiRoot + route];
}

function refuseOtherMethods(app: Hono<Env>): void {
  const methods = new Map<string, string[]>();
  for (const operation of Object.values(operations)) {
    for (const path of pathsOf(operation)) methods.set(path, [...(methods.get(path) ?? []), operation.method]);
  }
  methods.set(graphqlPath, ['POST']);
  for (const [path, allowed] of methods) {
    app.all(path, (c) => {
      c.header('allow', allowed.join(', '));
      throw new Failure('method_not_allowed', `${c.req.method} is not possible here; ${allowed.join(', ')} is.`);
    });
  }
}
