// The older line of the official SDK as a client over HTTP+SSE and over a WebSocket, the only official clients of either.

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { WebSocketClientTransport } from '@modelcontextprotocol/sdk/client/websocket.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createInbox, type Inbox } from './inbox.ts';

export interface DuplexConnection {
  readonly client: Client;
  /** Every notification that the server sent and the client itself did not use up. */
  readonly inbox: Inbox;
  /** Resolves once the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** `url` of the stream: `…/sse`. */
export function connectOverSse(url: string, token: string): Promise<DuplexConnection> {
  const headers = { Authorization: `Bearer ${token}` };
  return connect(new SSEClientTransport(new URL(url), { requestInit: { headers } }));
}

/** `url` of the endpoint, `http://…/mcp/files`. */
export function connectOverWebSocket(url: string, token: string): Promise<DuplexConnection> {
  const transport = new WebSocketClientTransport(new URL(url.replace(/^http/, 'ws')));
  // It takes the platform's own WebSocket, as pages do, and knows of no headers; a program can send them.
  const own = globalThis.WebSocket;
  globalThis.WebSocket = class extends own {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, { protocols, headers: { authorization: `Bearer ${token}` } } as never);
    }
  } as typeof own;
  // The transport opens it before anything else is done.
  const connecting = connect(transport);
  globalThis.WebSocket = own;
  return connecting;
}

async function connect(transport: Transport): Promise<DuplexConnection> {
  const capabilities = { sampling: {}, elicitation: {} };
  const client = new Client({ name: 'mcpvault-e2e', version: '1.0.0' }, { capabilities });
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: 'assistant' as const,
    content: { type: 'text' as const, text: 'the model’s answer' },
    model: 'a-test',
    stopReason: 'endTurn',
  }));
  client.setRequestHandler(ElicitRequestSchema, () => ({
    action: 'accept' as const,
    content: { username: 'ana', email: 'ana@example.com' },
  }));
  const inbox = createInbox();
  client.fallbackNotificationHandler = async (notification) => inbox.put(notification);
  const closed = new Promise<void>((resolve) => {
    client.onclose = () => resolve();
  });
  await client.connect(transport);
  return { client, inbox, closed, close: () => client.close() };
}
