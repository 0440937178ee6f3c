// A small MCP client over fetch, for trying a call from the console or the command line through the same endpoint that
// AI clients use. It speaks Streamable HTTP of revision 2025-11-25, offers the server no capabilities, and keeps no
// stream open between calls.
import { sseEvents } from './sse-events.ts';

export interface McpClientSettings {
  /** An absolute URL, e.g. `http://127.0.0.1:7717/mcp/everything`. */
  readonly endpoint: string;
  /** The bearer to send; null sends none. Asked before every request. */
  readonly credential: () => string | null | Promise<string | null>;
  /** How this client calls itself. */
  readonly client: { readonly name: string; readonly version: string };
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Told of notifications that arrive before an answer, such as progress. */
  readonly onNotification?: (method: string, params: unknown) => void;
}

export interface McpTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** `text` is the whole JSON-RPC message as it was received. */
export interface McpAnswer {
  readonly result: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface ToolResult {
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
}

/** One session with an endpoint. Every method rejects with `McpError` when the answer is an error or never came. */
export interface Conversation {
  readonly server: { readonly name: string; readonly version: string };
  /** Aborting `signal` also tells the server. */
  request(method: string, params: object, signal?: AbortSignal): Promise<McpAnswer>;
  /** All pages of `tools/list`. */
  listTools(signal?: AbortSignal): Promise<readonly McpTool[]>;
  callTool(name: string, args: object, signal?: AbortSignal): Promise<ToolResult>;
  /** Ends the session. */
  close(): Promise<void>;
}

export class McpError extends Error {
  /** HTTP status of the answer; 0 when none came. */
  readonly status: number;
  /** JSON-RPC error code; 0 when the answer was not JSON-RPC. */
  readonly code: number;
  readonly data: unknown;
  /** The answer as received; null when none came. */
  readonly text: string | null;

  constructor(message: string, seen: { status: number; code?: number; data?: unknown; text?: string }) {
    super(message);
    this.name = 'McpError';
    this.status = seen.status;
    this.code = seen.code ?? 0;
    this.data = seen.data;
    this.text = seen.text ?? null;
  }
}

const newestRevision = '2025-11-25';

type Received = Readonly<Record<string, unknown>>;

/** Opens a session: `initialize`, then `notifications/initialized`. */
export async function converse(settings: McpClientSettings, signal?: AbortSignal): Promise<Conversation> {
  const send = settings.fetch ?? ((url, init) => fetch(url, init));
  let session: string | null = null;
  let revision: string | null = null;
  let lastId = 0;

  async function http(method: 'POST' | 'DELETE', message: object | null, giveUp?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json, text/event-stream' };
    const credential = await settings.credential();
    if (credential !== null) headers['authorization'] = `Bearer ${credential}`;
    if (message !== null) headers['content-type'] = 'application/json';
    if (revision !== null) headers['mcp-protocol-version'] = revision;
    if (session !== null) headers['mcp-session-id'] = session;
    const init: RequestInit = { method, headers };
    if (message !== null) init.body = JSON.stringify({ jsonrpc: '2.0', ...message });
    if (giveUp) init.signal = giveUp;
    return send(settings.endpoint, init);
  }

  async function tell(message: object): Promise<void> {
    const response = await http('POST', message);
    await response.body?.cancel();
  }

  async function request(method: string, params: object, giveUp?: AbortSignal): Promise<McpAnswer> {
    lastId += 1;
    const id = lastId;
    try {
      const response = await http('POST', { id, method, params }, giveUp);
      if (!response.ok) throw refusal(response.status, await response.text());
      session ??= response.headers.get('mcp-session-id');
      return await answerTo(id, response);
    } catch (error) {
      if (giveUp?.aborted && method !== 'initialize') {
        const cancelled = { requestId: id, reason: 'the caller gave up' };
        tell({ method: 'notifications/cancelled', params: cancelled }).catch(() => undefined);
      }
      throw error;
    }
  }

  async function answerTo(id: number, response: Response): Promise<McpAnswer> {
    for await (const text of messageTexts(response)) {
      const message = objectOf(text);
      if (message['id'] === id && message['method'] === undefined) return settled(message, text, response.status);
      if (typeof message['method'] !== 'string') continue;
      if (message['id'] === undefined) settings.onNotification?.(message['method'], message['params']);
      else await tell(cannot(message['id'], message['method']));
    }
    throw new McpError('The stream ended before the answer came.', { status: response.status });
  }

  const { result } = await request(
    'initialize',
    { protocolVersion: newestRevision, capabilities: {}, clientInfo: settings.client },
    signal,
  );
  revision = typeof result['protocolVersion'] === 'string' ? result['protocolVersion'] : newestRevision;
  await tell({ method: 'notifications/initialized' });

  return {
    server: (result['serverInfo'] ?? { name: '', version: '' }) as Conversation['server'],
    request,
    async listTools(giveUp) {
      const tools: McpTool[] = [];
      let cursor: unknown;
      do {
        const listed: McpAnswer = await request('tools/list', typeof cursor === 'string' ? { cursor } : {}, giveUp);
        if (Array.isArray(listed.result['tools'])) tools.push(...(listed.result['tools'] as McpTool[]));
        cursor = listed.result['nextCursor'];
      } while (typeof cursor === 'string');
      return tools;
    },
    async callTool(name, args, giveUp) {
      return (await request('tools/call', { name, arguments: args }, giveUp)).result;
    },
    async close() {
      if (session === null) return;
      const response = await http('DELETE', null).catch(() => null);
      await response?.body?.cancel();
    },
  };
}

async function* messageTexts(response: Response): AsyncGenerator<string> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream')) yield await response.text();
  else if (response.body) {
    for await (const data of sseEvents(response.body)) if (data !== '') yield data;
  }
}

function settled(message: Received, text: string, status: number): McpAnswer {
  if (message['error'] !== undefined) throw errorOf(message, text, status);
  return { result: (message['result'] ?? {}) as Received, text };
}

/** The endpoint answers with a JSON-RPC error, a proxy on the way with anything. */
function refusal(status: number, text: string): McpError {
  const message = objectOf(text);
  if (message['error'] !== undefined) return errorOf(message, text, status);
  const { detail } = message;
  const said = typeof detail === 'string' ? detail : `The endpoint answered with status ${status}.`;
  return new McpError(said, { status, text });
}

function errorOf(message: Received, text: string, status: number): McpError {
  const { code, message: said, data } = message['error'] as { code?: number; message?: string; data?: unknown };
  return new McpError(said ?? 'The server answered with an error.', { status, code: code ?? 0, data, text });
}

/** This client can do nothing for a server but answer its pings. */
function cannot(id: unknown, method: string): object {
  if (method === 'ping') return { id, result: {} };
  return { id, error: { code: -32601, message: `This client does not support ${method}.` } };
}

function objectOf(text: string): Received {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Received) : {};
  } catch {
    return {};
  }
}
