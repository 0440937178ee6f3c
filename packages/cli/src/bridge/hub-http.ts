// HTTP to the hub: plain requests on connections that are used again. Follows no redirect, since a redirect could take the
// credential elsewhere.
import { Agent, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';

export interface HubRequest {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
}

export interface HubAnswer {
  readonly status: number;
  /** Media type, lower-case, without parameters. */
  readonly type: string;
  readonly session: string | null;
  /** Milliseconds the hub asks to wait; null when it does not. */
  readonly retryAfter: number | null;
  readonly body: IncomingMessage;
}

/** No answer, or none to its end. */
export class HubSilent extends Error {
  /** True when the request may have arrived: then nobody knows whether it was carried out. */
  readonly sent: boolean;
  /** The system's own code. */
  readonly reason: string;

  constructor(sent: boolean, reason: string) {
    super(`no answer (${reason})`);
    this.name = 'HubSilent';
    this.sent = sent;
    this.reason = reason;
  }
}

export interface HubHttp {
  /** Resolves with the head of the answer; rejects with `HubSilent`. */
  send(request: HubRequest): Promise<HubAnswer>;
  close(): void;
}

/** Milliseconds; the hub shows a sign of life every fifteen seconds on whatever it has not finished. */
const longestSilence = 75_000;

/** `environment` is where a proxy is named, for those who told Node to use it. */
export function createHubHttp(endpoint: URL, environment: Readonly<Record<string, string | undefined>>): HubHttp {
  const isSecure = endpoint.protocol === 'https:';
  const options = {
    keepAlive: true,
    timeout: longestSilence,
    ...(environment.NODE_USE_ENV_PROXY === '1' && { proxyEnv: environment }),
  };
  const agent = isSecure ? new SecureAgent(options) : new Agent(options);
  const start = isSecure ? secureRequest : plainRequest;

  function send({ method, headers, body, signal }: HubRequest): Promise<HubAnswer> {
    return new Promise((resolve, reject) => {
      let sent = false;
      const length = body === undefined ? {} : { 'content-length': String(body.length) };
      const asked = start(endpoint, { method, agent, signal, headers: { ...headers, ...length } });
      asked.setNoDelay(true);
      asked.on('socket', (socket) => {
        if (!socket.connecting) sent = true;
        else socket.once(isSecure ? 'secureConnect' : 'connect', () => (sent = true));
      });
      asked.on('timeout', () => asked.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })));
      asked.on('error', (error: NodeJS.ErrnoException) => reject(new HubSilent(sent, error.code ?? error.name)));
      asked.on('response', (response) => {
        // What breaks from here on is told to whoever reads the body.
        response.on('error', () => undefined);
        resolve(answerOf(response));
      });
      asked.end(body);
    });
  }

  return { send, close: () => agent.destroy() };
}

function answerOf(body: IncomingMessage): HubAnswer {
  const { headers, statusCode = 0 } = body;
  const after = Number(headers['retry-after']);
  return {
    status: statusCode,
    type: (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
    session: typeof headers['mcp-session-id'] === 'string' ? headers['mcp-session-id'] : null,
    retryAfter: Number.isFinite(after) && after > 0 ? Math.min(after, 30) * 1000 : null,
    body,
  };
}

/** The whole body; rejects with `HubSilent` when it breaks off, or is longer than the bound. */
export async function bodyOf({ body }: HubAnswer, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limit) throw new HubSilent(true, 'ANSWER_TOO_LARGE');
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof HubSilent ? error : new HubSilent(true, codeOf(error));
  }
  return Buffer.concat(chunks, bytes);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'broken off';
}
