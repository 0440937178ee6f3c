// The upstream over Streamable HTTP, with sessions: `http-echo.ts [--tools 1000] [--events] [--modern]`. With `--events` it
// answers in event streams; with `--modern` it knows the modern era only, without sessions. Says its port on stdout, and ends when its stdin does.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { serveUntilAbandoned } from '../processes/serve.ts';
import { createEcho } from './echo.ts';

const { values } = parseArgs({
  options: { tools: { type: 'string', default: '1' }, events: { type: 'boolean' }, modern: { type: 'boolean' } },
});
const modern = values.modern === true;
const echo = createEcho(Number(values.tools), modern);
const sessions = new Set<string>();

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  if (modern && request.method !== 'POST') return void response.writeHead(405, { 'content-length': 0 }).end();
  switch (request.method) {
    case 'POST':
      return receive(request, (body) => post(request, response, body));
    case 'GET':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.flushHeaders();
    default:
      sessions.delete(sessionOf(request));
      response.writeHead(200, { 'content-length': 0 }).end();
  }
});
serveUntilAbandoned(server);

function receive(request: IncomingMessage, done: (body: Buffer) => void): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => done(Buffer.concat(parts)));
}

function post(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const message = JSON.parse(body.toString());
  const headers: Record<string, string | number> = {
    'content-type': values.events === true ? 'text/event-stream' : 'application/json',
  };
  if (modern) {
    if (message.method === 'initialize') return reply(response, 400, headers, echo.answer(message) ?? '');
  } else if (message.method === 'initialize') {
    const id = randomUUID();
    sessions.add(id);
    headers['mcp-session-id'] = id;
  } else if (!sessions.has(sessionOf(request))) {
    return void response.writeHead(404, { 'content-length': 0 }).end();
  }
  if (message.method === 'tools/list' && values.events !== true) {
    return reply(response, 200, headers, echo.list(message.id));
  }
  const answer = echo.answer(message);
  if (answer === null) return void response.writeHead(202, { 'content-length': 0 }).end();
  reply(response, 200, headers, values.events === true ? `event: message\ndata: ${answer}\n\n` : answer);
}

function reply(
  response: ServerResponse,
  status: number,
  headers: Record<string, string | number>,
  body: string | Buffer,
): void {
  headers['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, headers).end(body);
}

function sessionOf({ headers }: IncomingMessage): string {
  return String(headers['mcp-session-id']);
}
