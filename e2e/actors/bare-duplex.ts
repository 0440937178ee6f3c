// The old HTTP+SSE and WebSockets by hand: for scenarios about what exactly is said, and about what no proper client would say.

import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { WebSocket } from 'ws';
import { eventually } from './eventually.ts';

export interface Said {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface BareStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Everything that came on it, as text. */
  text(): string;
  /** Where it said to post; absolute. */
  endpoint(): Promise<string>;
  /** The first message, come already or still to come, that fits. */
  said(fits: (message: Said) => boolean): Promise<Said>;
  readonly ended: Promise<void>;
  /** Stops reading it. */
  pause(): void;
  cut(): void;
}

export interface BareAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Headers = Readonly<Record<string, string | undefined>>;

/** One HTTP request, whatever it says. */
export async function ask(url: string, method: string, headers: Headers, body = ''): Promise<BareAnswer> {
  const response = await answerTo(start(url, method, headers, body));
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

export async function openStream(url: string, headers: Headers): Promise<BareStream> {
  const request = start(url, 'GET', { accept: 'text/event-stream', ...headers }, '');
  const response = await answerTo(request);
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => response.once('close', () => resolve()));
  const messages = (): Said[] =>
    Array.from(text.matchAll(/^event: message\ndata: (.*)\n\n/gm), ([, data]) => JSON.parse(data ?? '') as Said);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: () => text,
    async endpoint() {
      await eventually(() => text.includes('\n\n'), 'an endpoint event');
      const path = /^event: endpoint\ndata: (.*)\n\n/.exec(text)?.[1];
      if (path === undefined) throw new Error(`No endpoint comes first: ${text.slice(0, 200)}`);
      return new URL(path, url).href;
    },
    async said(fits) {
      await eventually(() => messages().some(fits), 'such a message');
      const [found] = messages().filter(fits);
      if (found === undefined) throw new Error('It came and went.');
      return found;
    },
    ended,
    pause: () => void response.pause(),
    cut: () => request.destroy(),
  };
}

export interface BareSocket {
  readonly socket: WebSocket;
  readonly messages: readonly Said[];
  say(message: object | string | Buffer): void;
  said(fits: (message: Said) => boolean): Promise<Said>;
  /** Code and reason. */
  readonly closed: Promise<{ readonly code: number; readonly why: string }>;
}

/** Throws with the HTTP answer where there is no WebSocket. */
export async function openSocket(
  url: string,
  headers: Headers,
  options: { readonly protocols?: readonly string[]; readonly autoPong?: boolean } = {},
): Promise<BareSocket> {
  const { protocols = ['mcp'], autoPong = true } = options;
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const socket = new WebSocket(url.replace(/^http/, 'ws'), [...protocols], { headers: given, autoPong });
  const messages: Said[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Said));
  const closed = new Promise<{ code: number; why: string }>((resolve) => {
    socket.on('close', (code, why) => resolve({ code, why: why.toString() }));
  });
  const refused = new Promise<never>((_, reject) => {
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => reject(new Refused(response.statusCode ?? 0, body)));
    });
  });
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'open'), refused]);
  return {
    socket,
    messages,
    say: (message) =>
      socket.send(
        typeof message === 'string' || Buffer.isBuffer(message)
          ? message
          : JSON.stringify({ jsonrpc: '2.0', ...message }),
      ),
    async said(fits) {
      await eventually(() => messages.some(fits), 'such a message');
      const [found] = messages.filter(fits);
      if (found === undefined) throw new Error('It came and went.');
      return found;
    },
    closed,
  };
}

export class Refused extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`${status}: ${body}`);
    this.status = status;
    this.body = body;
  }
}

function start(url: string, method: string, headers: Headers, body: string): ClientRequest {
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const request = httpRequest(url, { method, agent: false, headers: given as Record<string, string> });
  request.end(body);
  return request;
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
}
