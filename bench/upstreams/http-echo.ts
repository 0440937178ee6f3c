// The upstream over Streamable HTTP, with sessions: `http-echo.ts [--tools 1000] [--events]`. With `--events` it answers in
// event streams. Says its port on stdout, and ends when its stdin does.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { serveUntilAbandoned } from '../processes/serve.ts';
import { createEcho } from './echo.ts';

const { values } = parseArgs({ options: { tools: { type: 'string', default: '1' }, events: { type: 'boolean' } } });
const echo = createEcho(Number(values.tools));
const sessions = new Set<string>();

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
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
  if (message.method === 'initialize') {
    const id = randomUUID();
    sessions.add(id);
    headers['mcp-session-id'] = id;
  } else if (!sessions.has(sessionOf(request))) {
    return void response.writeHead(404, { 'content-length': 0 }).end();
  }
  const answer = echo.answer(message);
  if (answer === null) return void response.writeHead(202, { 'content-length': 0 }).end();
  const text = values.events === true ? `event: message\ndata: ${answer}\n\n` : answer;
  headers['content-length'] = Buffer.byteLength(text);
  response.writeHead(200, headers).end(text);
}

function sessionOf({ headers }: IncomingMessage): string {
  return String(headers['mcp-session-id']);
}
