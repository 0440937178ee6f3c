// A server over HTTP+SSE and over a WebSocket that misbehaves on demand, for tests of what a gateway survives. It has the
// tool `echo {text}`. The mode is the last step of the path, `/sse/<mode>` or `/ws/<mode>`, so that one server has them all.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { createSpeaker, echo, type Message, type Reply } from './rude/speaker.ts';

export interface RudeDuplex {
  sse(mode: string): string;
  webSocket(mode: string): string;
  /** Paths of all requests so far. */
  readonly requests: readonly string[];
  /** Connections that are open. */
  open(): number;
  close(): Promise<void>;
}

/** One connection's other side. */
interface Line {
  /** Says a message, or any text in its place. */
  say(message: object | string): void;
  /** Says bytes as they are, outside any message. */
  raw(text: string): void;
  cut(): void;
}

const megabyte = 1024 * 1024;

/** Before anything is said on a stream. True: that was all. */
const openings: Readonly<Record<string, (response: ServerResponse, line: Line) => boolean>> = {
  'foreign-endpoint': (_, line) => (line.raw('event: endpoint\ndata: http://localhost:9/steal\n\n'), true),
  'no-endpoint': () => true,
  'words-first': (_, line) => (line.say({ jsonrpc: '2.0', method: 'notifications/message', params: {} }), true),
};

const refusals: Readonly<Record<string, (response: ServerResponse) => void>> = {
  redirect: (response) => void response.writeHead(302, { location: '/sse/echo' }).end(),
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello'),
  status: (response) => void response.writeHead(500).end(),
  unauthorized: (response) => void response.writeHead(401).end(),
};

/** In place of the answer to a tool call. */
const calls: Readonly<Record<string, (line: Line, reply: Reply) => void>> = {
  echo: (line, reply) => line.say(reply),
  hang: () => undefined,
  cut: (line) => line.cut(),
  garbage(line, reply) {
    for (const text of ['no json', '[]', '{"jsonrpc":"2.0"}', '"x"']) line.say(text);
    line.say(reply);
  },
  twice(line, reply) {
    line.say({ ...reply, id: 'nobody asked' });
    line.say({ ...reply, id: 987_654_321 });
    line.say(reply);
    line.say(reply);
  },
  'broken-answer': (line, reply) =>
    line.say(`{"jsonrpc":"2.0","id":${JSON.stringify(reply.id)},"result":{"content":[}}`),
  huge: (line, reply) =>
    line.say({ ...reply, result: { content: [{ type: 'text', text: 'x'.repeat(5 * megabyte) }] } }),
};

export async function startRudeDuplex(): Promise<RudeDuplex> {
  const requests: string[] = [];
  const lines = new Map<
    string,
    { readonly line: Line; readonly hear: (text: string, response: ServerResponse) => void }
  >();
  let made = 0;

  function stream(mode: string, response: ServerResponse): void {
    const refuse = refusals[mode];
    if (refuse) return refuse(response);
    const id = String(++made);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    const line: Line = {
      say: (message) => void response.write(`event: message\ndata: ${textOf(message)}\n\n`),
      raw: (text) => void response.write(text),
      cut: () => response.destroy(),
    };
    if (openings[mode]?.(response, line) === true) return;
    const answer = answering(mode, line);
    lines.set(id, {
      line,
      hear(text, posted) {
        const isCall = text.includes('tools/call');
        if (mode === 'post-500' && isCall) return void posted.writeHead(500).end();
        if (mode === 'forgets' && isCall) return void posted.writeHead(404).end();
        if (mode !== 'deaf-post' || !isCall) posted.writeHead(202).end();
        if (mode === 'endless-line' && isCall) return endless(line, response);
        answer(text);
      },
    });
    response.on('close', () => lines.delete(id));
    line.raw(`event: endpoint\ndata: /message/${mode}?session=${id}\n\n`);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    requests.push(url.pathname);
    const [, kind, mode = ''] = url.pathname.split('/');
    if (request.method === 'GET' && kind === 'sse') return stream(mode, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const to = lines.get(url.searchParams.get('session') ?? '');
    if (to === undefined) return void response.writeHead(404).end();
    to.hear(Buffer.concat(chunks).toString(), response);
  }

  const http = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'mcp' });
  const bare = new WebSocketServer({ noServer: true, handleProtocols: () => false });
  http.on('upgrade', (request, socket, head) => {
    const mode = (request.url ?? '').split('/').at(-1) ?? '';
    requests.push(request.url ?? '');
    socket.on('error', () => socket.destroy());
    if (mode === 'unauthorized') return void socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
    if (mode === 'no-websocket') return void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    if (mode === 'silent-upgrade') return;
    const welcome = (client: WebSocket): void => socketLine(mode, client);
    (mode === 'no-subprotocol' ? bare : sockets).handleUpgrade(request, socket, head, welcome);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    sse: (mode) => `http://${host}/sse/${mode}`,
    webSocket: (mode) => `ws://${host}/ws/${mode}`,
    requests,
    open: () => lines.size + sockets.clients.size,
    async close() {
      for (const client of [...sockets.clients, ...bare.clients]) client.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function socketLine(mode: string, client: WebSocket): void {
  client.on('error', () => client.terminate());
  const line: Line = {
    say: (message) => client.send(textOf(message)),
    raw: (text) => client.send(Buffer.from(text), { binary: true }),
    cut: () => client.terminate(),
  };
  const answer = answering(mode, line);
  client.on('message', (data: Buffer) => {
    const text = data.toString();
    if (mode === 'binary' && text.includes('tools/call')) return line.raw('{"jsonrpc":"2.0","id":1,"result":{}}');
    answer(text);
  });
}

function answering(mode: string, line: Line): (text: string) => void {
  const speak = createSpeaker([echo]);
  return (text) => {
    const message = JSON.parse(text) as Message;
    const reply = speak(message);
    if (!reply) return;
    const misbehave = message.method === 'tools/call' ? calls[mode] : undefined;
    if (misbehave) misbehave(line, reply);
    else line.say(reply);
  };
}

function endless(line: Line, response: ServerResponse): void {
  line.raw('data: ');
  const timer = setInterval(() => {
    if (!response.writableNeedDrain) line.raw('x'.repeat(64 * 1024));
  }, 1);
  response.on('close', () => clearInterval(timer));
}

function textOf(message: object | string): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
