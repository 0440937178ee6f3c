// The one HTTP server: looks at the path and hands the request over, with nothing in front of the MCP endpoints. It listens
// before the rest of the hub is there, so that a port in use is known at once and the hub is seen to be starting.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { apiRoot } from '@mcpvault/contract/route';
import type { Clock } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { HttpRequest } from '@mcpvault/gateway/downstream/http-request';
import { createLane } from '@mcpvault/gateway/downstream/lane/lane';
import type { Reply } from '@mcpvault/gateway/downstream/reply';
import type { SsePart } from '@mcpvault/gateway/downstream/sse-face';
import type { Log } from '@mcpvault/gateway/ports';
import type { Addresses } from './addresses.ts';
import { linkRoot } from '@mcpvault/protocol/hub-link/link';
import { endWith } from './end-with.ts';
import type { Health } from './health.ts';
import { problemAnswer } from './problem.ts';

/** Who answers what. */
export interface Site {
  readonly addresses: Addresses;
  readonly health: Health;
  mcp(request: IncomingMessage, response: ServerResponse, endpoint: string | null): void;
  /** The same for short posts on connections that stay open. */
  mcpLane(request: HttpRequest, reply: Reply, endpoint: string | null): void;
  mcpSse(request: IncomingMessage, response: ServerResponse, endpoint: string | null, part: SsePart): void;
  mcpSocket(request: IncomingMessage, socket: Duplex, head: Buffer, endpoint: string | null): void;
  /** False for what is none of its addresses. */
  oauth(request: IncomingMessage, response: ServerResponse, path: string): boolean;
  api(request: IncomingMessage, response: ServerResponse): void;
  scim(request: IncomingMessage, response: ServerResponse, path: string): void;
  /** What workstations ask. */
  link(request: IncomingMessage, response: ServerResponse, path: string): void;
  /** What this hub is as an OAuth client of servers, as JSON; null where it publishes nothing. */
  readonly clientMetadata: string | null;
  live(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  console(request: IncomingMessage, response: ServerResponse, path: string): void;
  nextRequestId(): string;
}

export interface HubServer {
  /** Listens; every path but `/livez` answers 503 until `serve`. Resolves with the port. */
  listen(host: string, port: number): Promise<number>;
  serve(site: Site): void;
  /** Takes no new connections, ends idle ones, and after `graceMs` the others too. */
  close(graceMs: number): Promise<void>;
}

/** Where identity providers provision members and teams. */
export const scimRoot = '/scim/v2';

const livePath = `${apiRoot}/live`;

export function createHubServer(log: Log, clock: Clock): HubServer {
  let site: Site | null = null;

  const server = createServer(
    {
      maxHeaderSize: 32 * 1024,
      headersTimeout: 30_000,
      // To receive a request; answering one may take as long as it takes.
      requestTimeout: 300_000,
      keepAliveTimeout: 65_000,
      noDelay: true,
      // Some clients offer to upgrade every connection, to HTTP/2 for instance; their requests are answered as they are.
      shouldUpgradeCallback: asksForWebSocket,
    },
    (request, response) => {
      if (site === null) starting(request, response);
      else route(site, request, response);
    },
  );
  server.on('upgrade', (request, socket, head) => upgrade(request, socket, head));
  const toNode = server.listeners('connection');
  const lane = createLane({
    clock,
    open: () => site !== null,
    serve: (request, reply, path) => site?.mcpLane(request, reply, path === '/mcp' ? null : path.slice('/mcp/'.length)),
    handOver: (socket) => {
      for (const take of toNode) take.call(server, socket);
    },
  });
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => lane.take(socket));
  server.on('clientError', (error, socket) => refuseBadRequest(error, socket));

  function route(to: Site, request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request);
    if (path === '/mcp') return to.mcp(request, response, null);
    if (path.startsWith('/mcp/')) return toServer(to, request, response, path);
    const sse = ssePart(path);
    if (sse?.before === '') return to.mcpSse(request, response, null, sse.part);
    if (path === '/livez' || path === '/readyz') return to.health.handle(request, response, path);
    const refusal = guard(to.addresses, request, isForClients(path));
    if (refusal !== null) return refuse(to, response, refusal);
    if (path === '/client-metadata.json') return clientMetadata(to, response);
    if (to.oauth(request, response, path)) return;
    if (path === '/api' || path.startsWith('/api/')) return to.api(request, response);
    if (path === scimRoot || path.startsWith(`${scimRoot}/`)) return to.scim(request, response, path);
    if (path.startsWith(`${linkRoot}/`)) return to.link(request, response, path);
    return to.console(request, response, path);
  }

  function toServer(to: Site, request: IncomingMessage, response: ServerResponse, path: string): void {
    const found = ssePart(path);
    // A server may be called sse.
    const sse = found?.before.startsWith('/mcp/') === true ? found : null;
    const name = endpointName(sse?.before ?? path);
    if (name !== null && sse !== null) return to.mcpSse(request, response, name, sse.part);
    if (name !== null) return to.mcp(request, response, name);
    refuse(
      to,
      response,
      new Failure('not_found', 'There is no such endpoint.', { fix: 'Use /mcp or /mcp/<server name>.' }),
    );
  }

  function refuse(to: Site, response: ServerResponse, failure: Failure): void {
    const { status, headers, body } = problemAnswer(failure, to.nextRequestId(), log);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
  }

  function clientMetadata(to: Site, response: ServerResponse): void {
    if (to.clientMetadata === null) {
      return refuse(
        to,
        response,
        new Failure('not_found', 'This hub publishes no client metadata: it is not reached over https.'),
      );
    }
    const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' };
    response.writeHead(200, { ...headers, 'x-content-type-options': 'nosniff' }).end(to.clientMetadata);
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (site === null) return endWith(socket, '503 Service Unavailable');
    const path = pathOf(request);
    if (path === '/mcp') return site.mcpSocket(request, socket, head, null);
    if (path.startsWith('/mcp/')) {
      const name = endpointName(path);
      return name === null ? endWith(socket, '404 Not Found') : site.mcpSocket(request, socket, head, name);
    }
    if (guard(site.addresses, request) !== null) return endWith(socket, '403 Forbidden');
    site.live(request, socket, head);
  }

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
        server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
      }),
    serve(given) {
      site = given;
    },
    close: (graceMs) =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        lane.close();
        setTimeout(() => {
          server.closeAllConnections();
          lane.cut();
        }, graceMs).unref();
      }),
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function asksForWebSocket(request: IncomingMessage): boolean {
  const path = pathOf(request);
  const isKnown = path === livePath || path === '/mcp' || path.startsWith('/mcp/');
  return isKnown && request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** The addresses of the transport of 2024-11-05 lie below an endpoint's own, or below the root for the merged one. */
function ssePart(path: string): { readonly before: string; readonly part: SsePart } | null {
  for (const [end, part] of ssePaths) if (path.endsWith(end)) return { before: path.slice(0, -end.length), part };
  return null;
}

const ssePaths = [
  ['/sse', 'stream'],
  ['/sse/message', 'message'],
] as const;

/** null for what cannot be a server's name, whoever asks. */
function endpointName(path: string): string | null {
  const written = path.slice('/mcp/'.length);
  if (written === '' || written.length > 200 || written.includes('/')) return null;
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

/** Clients that are web pages ask here from their own origins, without anything of ours that a page could abuse. */
function isForClients(path: string): boolean {
  return path.startsWith('/.well-known/') || path.startsWith('/oauth/');
}

function guard(addresses: Addresses, { headers }: IncomingMessage, fromAnywhere = false): Failure | null {
  if (!addresses.hosts.has((headers.host ?? '').toLowerCase())) {
    return new Failure('bad_host', 'This hub does not answer to the name in the Host header.', {
      fix: `Use ${addresses.url}, or add the name to MCPVAULT_ALLOWED_HOSTS.`,
    });
  }
  if (!fromAnywhere && headers.origin !== undefined && !addresses.ownOrigins.has(headers.origin.toLowerCase())) {
    return new Failure('bad_origin', 'Pages of other origins may not talk to this hub.', {
      fix: `Open the console at ${addresses.url}; MCPVAULT_PUBLIC_URL says how browsers reach it.`,
    });
  }
  return null;
}

function starting(request: IncomingMessage, response: ServerResponse): void {
  const alive = pathOf(request) === '/livez';
  response
    .writeHead(alive ? 200 : 503, { 'content-type': 'application/json', ...(alive ? {} : { 'retry-after': '2' }) })
    .end(alive ? '{"status":"alive"}\n' : '{"status":"starting"}\n');
}

function refuseBadRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  endWith(socket, status);
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Failure {
  const fix = 'MCPVAULT_HOST and MCPVAULT_PORT say where the hub listens.';
  switch (error.code) {
    case 'EADDRINUSE':
      return new Failure(
        'conflict',
        `Port ${port} on ${host} is in use. Stop what listens there (perhaps another hub), or choose another port with MCPVAULT_PORT.`,
      );
    case 'EACCES':
      return new Failure(
        'forbidden',
        `Listening on port ${port} is not permitted. Choose one above 1023 with MCPVAULT_PORT.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure('not_found', `This machine has no address ${host}. Choose another one with MCPVAULT_HOST.`);
    default:
      return new Failure('internal', `Listening on ${host}:${port} failed: ${error.code ?? error.message}. ${fix}`);
  }
}
