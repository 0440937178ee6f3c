// The legacy leg over HTTP: one server and one transport for each session, with streams that can be resumed.
// Refuses requests without a session unless they open one.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest } from '@modelcontextprotocol/server';
import { createEventLog } from './event-log.ts';
import type { Fixture } from './fixture.ts';

export interface LegacySessions {
  /** `body` is the parsed JSON of a POST, undefined where there was none or none that parses. */
  handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void>;
  close(): Promise<void>;
}

export function createLegacySessions(fixture: Fixture): LegacySessions {
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>();

  async function open(): Promise<NodeStreamableHTTPServerTransport> {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      eventStore: createEventLog(),
      retryInterval: 200,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await fixture.build('connection').connect(transport);
    return transport;
  }

  return {
    async handle(request, response, body) {
      const id = request.headers['mcp-session-id'];
      if (request.method === 'POST' && body === undefined)
        return refuse(response, 400, -32700, 'The body is not JSON.');
      if (typeof id === 'string') {
        const transport = sessions.get(id);
        if (!transport) return refuse(response, 404, -32001, 'Session not found');
        return transport.handleRequest(request, response, body);
      }
      if (!isInitializeRequest(body)) return refuse(response, 400, -32000, 'Mcp-Session-Id header is required');
      const transport = await open();
      return transport.handleRequest(request, response, body);
    },
    async close() {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
      sessions.clear();
    },
  };
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }));
}
