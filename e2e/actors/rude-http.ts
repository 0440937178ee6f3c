// A Streamable HTTP server that misbehaves on demand, for tests of what a gateway survives.
//
//   node e2e/actors/rude-http.ts <mode> [number] [--on call|everything] [--port N]
//
// It misbehaves on tool calls, or on every POST. All else it answers properly: it has the tools `echo {text}` and
// `received_headers`. Legacy revisions, without sessions; its port is on loopback.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { fakeSecrets } from './rude/fake-secrets.ts';
import { exactTools, sayExactly } from './rude/exact-tools.ts';
import { createSpeaker, echo, legacyRevisions, type Message, nested, ofBytes, type Reply } from './rude/speaker.ts';

export type RudeHttpMode = keyof typeof misbehave;

export interface RudeHttp {
  /** Ends with `/mcp`. */
  readonly url: string;
  /** Every request so far, redirected ones too, in order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** Cuts what is still open. */
  close(): Promise<void>;
}

export interface SeenRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  /** The JSON-RPC method of a POST that could be read. */
  readonly said: string | undefined;
}

export interface RudeHttpOptions {
  readonly mode: RudeHttpMode;
  /** What it means, and what it is where left out, is said at each mode. */
  readonly number?: number;
  /** `call` where left out. */
  readonly on?: 'call' | 'everything';
  readonly port?: number;
  /** Where `redirect` sends its client; `/elsewhere` of this server where left out, which answers properly. */
  readonly location?: string;
}

interface Moment {
  readonly reply: Reply;
  readonly message: Message;
  /** The message as it came. */
  readonly body: string;
  readonly response: ServerResponse;
  readonly options: RudeHttpOptions;
}

const misbehave = {
  /** Does not. */
  echo: ({ reply, response }: Moment) => sendJson(response, reply),
  /** Has `say {json}`, whose result is that JSON text byte for byte, and `heard`, which tells the body it got. */
  exact: ({ reply, response, message, body }: Moment) =>
    sendResult(response, reply, sayExactly(message, body) ?? JSON.stringify(reply.result)),
  /** Never answers. */
  hang: () => undefined,
  /** Begins a stream and says nothing on it. */
  'hang-on-stream': ({ response }: Moment) => beginStream(response),
  /** Waits before it answers; number: milliseconds, 1000. */
  slow: ({ reply, response, options }: Moment) => void setTimeout(sendJson, options.number ?? 1000, response, reply),
  /** Sends headers a letter at a time and never gets to their end. */
  'slow-headers': ({ response }: Moment) => dribble(response),
  /** Answers with a status and a page for people; number: the status, 500. */
  status: ({ response, options }: Moment) =>
    void response.writeHead(options.number ?? 500, { 'content-type': 'text/html' }).end(errorPage),
  /** Sends a page as if it were the answer. */
  'wrong-type': ({ response }: Moment) => void response.writeHead(200, { 'content-type': 'text/html' }).end(errorPage),
  /** Sends no content type at all. */
  'no-type': ({ reply, response }: Moment) => void response.writeHead(200).end(JSON.stringify(reply)),
  /** Sends JSON that is none. */
  'garbage-json': ({ response }: Moment) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":1,"result":{'),
  /** Sends rubbish events before the proper one. */
  'garbage-events': ({ reply, response }: Moment) => {
    beginStream(response);
    response.write(
      'data: not json\n\ndata: []\n\n: a comment\n\nevent: odd\ndata: {"jsonrpc":"2.0"}\n\nretry: never\n\n',
    );
    response.end(`data: ${JSON.stringify(reply)}\n\n`);
  },
  /** Breaks off in the middle of an event. */
  'truncated-stream': ({ reply, response }: Moment) => {
    beginStream(response);
    const half = JSON.stringify(reply).slice(0, -5);
    response.write(`data: ${half}`, () => setImmediate(() => response.destroy()));
  },
  /** Ends the stream without having answered. */
  'empty-stream': ({ response }: Moment) => void beginStream(response).end(),
  /** Breaks off in the middle of a body whose length it gave. */
  'truncated-json': ({ reply, response }: Moment) => {
    const body = JSON.stringify(reply);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.write(body.slice(0, -5), () => setImmediate(() => response.destroy()));
  },
  /** Cuts the connection without a word. */
  'cut-off': ({ response }: Moment) => void response.destroy(),
  /** Answers very much; number: bytes, 20 MiB. */
  huge: ({ reply, response, options }: Moment) =>
    sendJson(response, { ...reply, result: textResult(ofBytes(options.number ?? 20 * 1024 * 1024)) }),
  /** Answers with arrays in arrays; number: the levels, 100 000. */
  deep: ({ reply, response, options }: Moment) =>
    sendResult(response, reply, `{"content":[],"_meta":{"deep":${nested(options.number ?? 100_000)}}}`),
  /** Sends its client elsewhere. */
  redirect: ({ response, options }: Moment) =>
    void response.writeHead(307, { location: options.location ?? '/elsewhere' }).end(),
  /** Answers a request that nobody made. */
  'wrong-id': ({ reply, response }: Moment) => sendJson(response, { ...reply, id: 'nobody asked' }),
  /** Says secrets. */
  leaky: ({ reply, response }: Moment) =>
    sendJson(response, { ...reply, result: textResult(Object.values(fakeSecrets).join(' and ')) }),
} as const;

const errorPage = '<html><body><h1>Oops</h1><p>at /srv/rude/index.php line 42</p></body></html>';

export async function startRudeHttp(options: RudeHttpOptions): Promise<RudeHttp> {
  const requests: SeenRequest[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = request.method === 'POST' ? await readBody(request) : '';
    const message: Message | undefined = body === '' ? undefined : JSON.parse(body);
    const { method, url: path, headers } = request;
    requests.push({ method, path, headers, said: message?.method });
    if (message === undefined) return void response.writeHead(405, { allow: 'POST' }).end();
    const reply = createSpeaker([echo, headersTool(request), ...(options.mode === 'exact' ? exactTools : [])])(message);
    const revision = request.headers['mcp-protocol-version'];
    if (typeof revision === 'string' && !legacyRevisions.includes(revision)) return refuseRevision(response);
    if (!reply) return void response.writeHead(202).end();
    const rude = path !== '/elsewhere' && (options.on === 'everything' || message.method === 'tools/call');
    misbehave[rude ? options.mode : 'echo']({ reply, message, body, response, options });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/mcp`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function headersTool({ headers }: IncomingMessage) {
  return {
    name: 'received_headers',
    description: 'Tells the headers that this call came with, as JSON',
    call: () => JSON.stringify(headers),
  };
}

function refuseRevision(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'application/json' });
  const error = { code: -32000, message: 'Bad Request: Unsupported protocol version' };
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
}

function sendJson(response: ServerResponse, message: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message));
}

function sendResult(response: ServerResponse, { id }: Reply, json: string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${json}}`);
}

function beginStream(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  return response;
}

function dribble(response: ServerResponse): void {
  const { socket } = response;
  if (!socket) return;
  socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
  const timer = setInterval(() => socket.write('a'), 100);
  socket.once('close', () => clearInterval(timer));
}

function textResult(text: string): object {
  return { content: [{ type: 'text', text }] };
}

function isMode(name: string): name is RudeHttpMode {
  return Object.hasOwn(misbehave, name);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { on: { type: 'string', default: 'call' }, port: { type: 'string', default: '0' } },
  });
  const [mode = 'echo', number] = positionals;
  if (!isMode(mode)) throw new Error(`There is no mode ${mode}. There are: ${Object.keys(misbehave).join(', ')}.`);
  const server = await startRudeHttp({
    mode,
    on: values.on === 'everything' ? 'everything' : 'call',
    port: Number(values.port),
    ...(number !== undefined && { number: Number(number) }),
  });
  process.stdout.write(`listening ${server.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
}

if (import.meta.main) await main();
