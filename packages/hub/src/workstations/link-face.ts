// Where workstations ask: one route for each request of the link. Reads the body up to its bound, checks it against the link,
// knows the workstation, and refuses everything else clearly. A workstation is as hostile as anybody: what it says of itself
// is a claim, and whose it is says its credential.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ids } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import { addressOfMessage } from '@mcpvault/gateway/downstream/address-of';
import type { Log } from '@mcpvault/gateway/ports';
import {
  link,
  linkHeader,
  type LinkName,
  type LinkRequest,
  linkRoot,
  linkVersion,
} from '@mcpvault/protocol/hub-link/link';
import { problemAnswer } from '../http/problem.ts';
import { readText } from '../http/requests.ts';
import type { Desk, Visit } from './desk.ts';
import type { LinkAnswer, LinkAnswers } from './link-answers.ts';

export interface LinkFaceDeps {
  readonly answers: LinkAnswers;
  readonly desk: Pick<Desk, 'known'>;
  readonly ids: Ids;
  readonly log: Log;
  /** How many proxies in front are believed when they say where a request came from. */
  readonly proxies: number;
}

interface Found {
  readonly name: LinkName;
  readonly request: LinkRequest;
  readonly parameters: Readonly<Record<string, string>>;
}

export function createLinkFace({ answers, desk, ids, log, proxies }: LinkFaceDeps) {
  return (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const requestId = ids.next('req');
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    handle(request, path, requestId, gone.signal).then(
      (answer) => send(response, answer, requestId),
      (error: unknown) => {
        const { status, headers, body } = problemAnswer(error, requestId, log);
        response.writeHead(status, { ...always, ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
      },
    );
  };

  async function handle(
    request: IncomingMessage,
    path: string,
    requestId: string,
    signal: AbortSignal,
  ): Promise<LinkAnswer> {
    const { name, request: asked, parameters } = find(request.method ?? 'GET', path.slice(linkRoot.length));
    const version = request.headers[linkHeader];
    if (version !== String(linkVersion)) {
      throw new Failure('invalid_request', `This hub speaks version ${linkVersion} of the link.`, {
        fix: `Send ${linkHeader}: ${linkVersion}; update the agent, or the hub.`,
      });
    }
    const visit: Visit = {
      credential: /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null,
      address: addressOfMessage(request, proxies) ?? 'unknown',
      requestId,
    };
    // Before the body is read: from somebody unknown it is not even wanted.
    const known = asked.credential === 'workstation' ? await desk.known(visit) : null;
    const body = asked.method === 'GET' ? {} : await bodyOf(request, asked.largest);
    const input = parse(asked, { ...body, ...parameters });
    const about = { ifNoneMatch: request.headers['if-none-match'] ?? null, signal };
    return answers.answer(name, input, { visit, known, ...about });
  }
}

const routes = (Object.keys(link) as LinkName[]).map((name) => {
  const request: LinkRequest = link[name];
  const names = [...request.path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter);
  return { name, request, names, pattern: new RegExp(`^${request.path.replace(/\{\w+\}/g, '([^/]{1,100})')}$`) };
});

function find(method: string, path: string): Found {
  const here = routes.filter(({ pattern }) => pattern.test(path));
  const found = here.find(({ request }) => request.method === method);
  if (found === undefined && here.length > 0) {
    const allowed = here.map(({ request }) => request.method).join(', ');
    throw new Failure('method_not_allowed', `${method} is not possible here; ${allowed} is.`);
  }
  if (found === undefined) throw new Failure('not_found', 'There is nothing at this address.');
  const values = found.pattern.exec(path)?.slice(1) ?? [];
  const parameters = Object.fromEntries(found.names.map((name, index) => [name, values[index] ?? '']));
  return { name: found.name, request: found.request, parameters };
}

async function bodyOf(request: IncomingMessage, largest: number): Promise<Record<string, unknown>> {
  const text = await readText(request, largest);
  if (text === '') return {};
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Failure('unsupported_media_type', 'Send the body with content-type: application/json.');
  }
  let body: unknown;
  try {
    body = JSON.parse(text, storable);
  } catch {
    throw new Failure('parse_error', 'The body is not valid JSON.');
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw new Failure('invalid_request', 'The body should be a JSON object.');
}

/** File names and what stands in configs may hold what no database takes. */
function storable(key: string, value: unknown): unknown {
  if (!isStorable(key)) throw new SyntaxError('a name that nothing can have');
  return typeof value === 'string' && !isStorable(value) ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function parse({ asks }: LinkRequest, given: unknown): unknown {
  const parsed = asks.safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues
    .slice(0, issuesAtMost)
    .map(({ path, message }) => ({ path: path.join('.').slice(0, 300), message: message.slice(0, 300) }));
  const [first] = issues;
  throw new Failure('invalid_params', `${first?.path || 'The input'}: ${first?.message ?? 'not accepted'}.`, {
    issues,
  });
}

const issuesAtMost = 10;
const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', [linkHeader]: String(linkVersion) };

function send(response: ServerResponse, { status, body, headers }: LinkAnswer, requestId: string): void {
  const text = body === null ? '' : JSON.stringify(body);
  response
    .writeHead(status, {
      ...always,
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      'content-length': Buffer.byteLength(text),
      'x-request-id': requestId,
      ...headers,
    })
    .end(text);
}
