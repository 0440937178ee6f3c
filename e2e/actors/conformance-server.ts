// The fixture server for the official conformance suite, over HTTP (one endpoint, `/mcp`) or stdio.
//
//   node e2e/actors/conformance-server.ts [--port N] [--era both|legacy|modern] [--stdio]
//
// Over HTTP it prints `listening <url>` when it is ready. Legacy clients get sessions and streams that can be resumed,
// modern ones a fresh server for each request. It listens on loopback only and refuses foreign Host and Origin headers.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
  toWebRequest,
} from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createFixture } from './conformance/fixture.ts';
import { createLegacySessions } from './conformance/legacy-sessions.ts';
import { createWorld } from './conformance/world.ts';

export type Era = 'both' | 'legacy' | 'modern';

export interface ConformanceServer {
  /** Ends with `/mcp`; `localhost`, since the suite insists on a local name. */
  readonly url: string;
  close(): Promise<void>;
}

const maxBodyBytes = 64 * 1024 * 1024;

/** `port` 0 takes any free one. */
export async function startConformanceServer(options: { port?: number; era?: Era } = {}): Promise<ConformanceServer> {
  const { port = 0, era = 'both' } = options;
  const world = createWorld();
  const fixture = createFixture(world);
  const legacy = createLegacySessions(fixture);
  const modern = createMcpHandler(() => fixture.build('request'), {
    legacy: 'reject',
    maxRequestBodySize: maxBodyBytes,
  });
  const answerModern = toNodeHandler(modern, { maxRequestBodySize: maxBodyBytes });
  const stopFollowing = world.listen((what) => {
    if (what === 'tools') modern.notify.toolsChanged();
    else if (what === 'prompts') modern.notify.promptsChanged();
    else modern.notify.resourceUpdated('test://watched-resource');
  });
  const mayComeIn = guard(localhostHostValidation(), localhostOriginValidation());

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!mayComeIn(request, response)) return;
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/mcp') return void response.writeHead(404).end();
    const asked = await toWebRequest(request, undefined, { maxRequestBodySize: maxBodyBytes });
    const body = request.method === 'POST' ? await jsonOf(asked.clone()) : undefined;
    const toLegacy = era === 'legacy' || (era === 'both' && (await isLegacyRequest(asked)));
    if (toLegacy) await legacy.handle(request, response, body);
    else await answerModern(request, response, body);
  }

  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://localhost:${address.port}/mcp`,
    async close() {
      stopFollowing();
      await Promise.all([legacy.close(), modern.close()]);
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

type Guard = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Each guard answers by itself where it refuses. */
function guard(...guards: Guard[]): Guard {
  return (request, response) => guards.every((check) => check(request, response));
}

async function jsonOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}

async function serveOverStdio(era: Era): Promise<void> {
  const fixture = createFixture(createWorld());
  if (era === 'legacy') await fixture.build('connection').connect(new StdioServerTransport());
  else serveStdio(() => fixture.build('connection'), { legacy: era === 'modern' ? 'reject' : 'serve' });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      era: { type: 'string', default: 'both' },
      stdio: { type: 'boolean', default: false },
    },
  });
  const era = values.era;
  if (era !== 'both' && era !== 'legacy' && era !== 'modern') throw new Error('--era is both, legacy or modern.');
  if (values.stdio) return serveOverStdio(era);
  const server = await startConformanceServer({ port: Number(values.port), era });
  process.stdout.write(`listening ${server.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
}

if (import.meta.main) await main();
