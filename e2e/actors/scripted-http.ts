// A Streamable HTTP server whose every answer a test writes itself, and which remembers exactly what it was sent. It has the
// tools `allowed` and `forbidden`, and speaks both eras.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly method: string | undefined;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

export interface Said {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface ScriptedHttp {
  readonly url: string;
  /** Everything since it was last emptied. */
  readonly heard: Heard[];
  /** Answers tool calls from now on. */
  onCall: (message: Said, response: ServerResponse) => void;
  /** The same for `tools/list`. */
  onList: (message: Said, response: ServerResponse) => void;
  /** The same for `subscriptions/listen`. */
  onListen: (message: Said, response: ServerResponse) => void;
  /** The stream on which it may speak unasked; undefined while nobody listens. */
  stream(): ServerResponse | undefined;
  close(): Promise<void>;
}

const tools = ['allowed', 'forbidden'].map((name) => ({ name, inputSchema: { type: 'object' } }));

export async function startScriptedHttp(): Promise<ScriptedHttp> {
  const heard: Heard[] = [];
  let stream: ServerResponse | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      return;
    }
    if (request.method !== 'POST') return void response.writeHead(200).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const message: Said = JSON.parse(body);
    heard.push({ method: message.method, body, headers: request.headers });
    if (message.id === undefined || message.method === undefined) return void response.writeHead(202).end();
    if (message.method === 'tools/call') return scripted.onCall(message, response);
    if (message.method === 'tools/list') return scripted.onList(message, response);
    if (message.method === 'subscriptions/listen') return scripted.onListen(message, response);
    sendResult(response, message, usual(message));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scripted: ScriptedHttp = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    heard,
    onCall: (message, response) => sendResult(response, message, { content: [] }),
    onList: (message, response) => sendResult(response, message, { tools }),
    onListen: (message, response) => sendResult(response, message, {}),
    stream: () => stream,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return scripted;
}

function usual({ method, params }: Said): object {
  const capabilities = { tools: {}, logging: {} };
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params?.['protocolVersion'],
        capabilities,
        serverInfo: { name: 'scripted', version: '1' },
      };
    case 'server/discover':
      return { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities };
    default:
      return {};
  }
}

/** `result` may be JSON text, of whatever quality. */
export function sendResult(response: ServerResponse, { id }: Said, result: object | string): void {
  const text = typeof result === 'string' ? result : JSON.stringify(result);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${text}}`);
}

/** Events one after the other; the last ends the stream. */
export function sendEvents(response: ServerResponse, ...messages: readonly object[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(messages.map((message) => `data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`).join(''));
}
