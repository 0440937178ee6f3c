// The fixture server of the conformance suite over the transports that are older than, or beside, Streamable HTTP: HTTP+SSE
// of 2024-11-05 as the official SDK serves it, and a WebSocket, for which there is no official server: there it speaks as over
// stdio, in both eras.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { SSEServerTransport } from '@modelcontextprotocol/server-legacy/sse';
import { type WebSocket, WebSocketServer } from 'ws';
import { createFixture } from './conformance/fixture.ts';
import { createWorld } from './conformance/world.ts';

export interface DuplexServer {
  /** Of the stream of events; posts are answered with 404 there, as such servers do. */
  readonly sseUrl: string;
  readonly webSocketUrl: string;
  /** Header values it was sent when connections were made, by lower-case name; the latest. */
  readonly headers: NodeJS.Dict<string | string[]>;
  /** Connections that are open. */
  connections(): number;
  /** Breaks every connection off. */
  cut(): void;
  close(): Promise<void>;
}

/** `port` 0 takes any free one. */
export async function startDuplexServer(port = 0): Promise<DuplexServer> {
  const fixture = createFixture(createWorld());
  const streams = new Map<string, SSEServerTransport>();
  let headers: NodeJS.Dict<string | string[]> = {};

  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET' && url.pathname === '/sse') {
      headers = request.headers;
      const transport = new SSEServerTransport('/message', response);
      streams.set(transport.sessionId, transport);
      response.on('close', () => streams.delete(transport.sessionId));
      void fixture.build('connection').connect(transport);
      return;
    }
    const session = streams.get(url.searchParams.get('sessionId') ?? '');
    if (request.method !== 'POST' || url.pathname !== '/message' || session === undefined) {
      response.writeHead(404).end('not found');
      return;
    }
    session.handlePostMessage(request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ server: http, path: '/ws', handleProtocols: () => 'mcp' });
  sockets.on('connection', (socket, request) => {
    ({ headers } = request);
    socket.on('error', () => socket.terminate());
    serveStdio(() => fixture.build('connection'), { legacy: 'serve', transport: overSocket(socket) });
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;

  return {
    sseUrl: `http://${host}/sse`,
    webSocketUrl: `ws://${host}/ws`,
    get headers() {
      return headers;
    },
    connections: () => streams.size + sockets.clients.size,
    cut() {
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function overSocket(socket: WebSocket): Transport {
  const transport: Transport = {
    async start() {
      socket.on('message', (data: Buffer) => transport.onmessage?.(JSON.parse(data.toString()) as JSONRPCMessage));
      socket.on('close', () => transport.onclose?.());
    },
    async send(message) {
      socket.send(JSON.stringify(message));
    },
    async close() {
      socket.close();
    },
  };
  return transport;
}
