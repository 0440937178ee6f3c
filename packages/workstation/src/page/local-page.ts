// The page of this computer, for its person only: on loopback, behind a key that stands in the URL's fragment and so reaches
// no server, log or referrer. Pages of other places cannot read it: it answers to its own name and origin, and to the key.
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageHtml, pagePolicy } from './page-html.ts';

export interface LocalPageDeps {
  /** What is shown, as JSON; asked anew each time. Holds no secret. */
  read(): Promise<unknown>;
  /** The person's word on a job; false where none waits under that id. */
  say(job: string, consent: 'given' | 'declined'): Promise<boolean>;
  /** 32 bytes or more, as text. */
  readonly key: string;
}

export interface LocalPage {
  /** With the key in its fragment. */
  readonly url: string;
  close(): Promise<void>;
}

const largestBody = 1_000;

export async function openLocalPage(deps: LocalPageDeps): Promise<LocalPage> {
  const server = createServer((request, response) => {
    answer(request, response, deps, `127.0.0.1:${portOf(server)}`).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}/#${deps.key}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { read, say, key }: LocalPageDeps,
  host: string,
): Promise<void> {
  const { origin, host: named } = request.headers;
  // A name that somebody else's DNS points here, and a page of somebody else's, get nothing.
  if (named !== host || (origin !== undefined && origin !== `http://${host}`)) return end(response, 403);
  const path = (request.url ?? '/').split('?', 1)[0];
  if (request.method === 'GET' && path === '/') {
    response.writeHead(200, {
      ...safeHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy,
    });
    response.end(pageHtml);
    return;
  }
  if (!isKey(request.headers.authorization, key)) return end(response, 401);
  if (request.method === 'GET' && path === '/state') return json(response, await read());
  const job = /^\/jobs\/(job_[0-9a-z]{1,40})$/.exec(path ?? '')?.[1];
  if (request.method === 'POST' && job !== undefined) {
    const word = await readBody(request);
    if (word !== 'given' && word !== 'declined') return end(response, 400);
    return end(response, (await say(job, word)) ? 204 : 404);
  }
  end(response, 404);
}

const safeHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

function isKey(said: string | undefined, key: string): boolean {
  const given = Buffer.from(said ?? '');
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...safeHeaders, 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, safeHeaders);
  response.end();
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > largestBody) return '';
  }
  return text;
}
