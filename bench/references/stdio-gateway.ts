// The least that a gateway to one stdio process can do: knows its callers by a token in memory, keeps sessions, parses what
// comes, looks up one rule, gives each request an id of its own, and notes every message in a file, in batches. No detection,
// no encryption, no database. One process behind serves all sessions.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { openSync, rmSync, writev } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { eachLine } from '../processes/each-line.ts';
import { serveUntilAbandoned } from '../processes/serve.ts';

const { values } = parseArgs({ options: { token: { type: 'string', default: '' } } });
const notesEveryMs = 50;
const idMark = Buffer.from('"id":');
const lineEnd = Buffer.from('\n');

const callers = new Map([[digest(values.token), { name: 'bench', role: 'member' }]]);
const known = new Map<string, { name: string; role: string }>();
const allowed = new Map([['member', new Set(['echo'])]]);
const sessions = new Set<string>();

const child = spawn(process.execPath, [fileURLToPath(new URL('../upstreams/stdio-echo.ts', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const waiting = new Map<number, { readonly id: string; answered(answer: Buffer): void }>();
let lastId = 0;
let unsent: Buffer[] = [];

eachLine(child.stdout, (lines) => lines.forEach(receive));

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => handle(request, response, Buffer.concat(parts)));
});
serveUntilAbandoned(server);

function handle(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const caller = callerOf(request.headers.authorization ?? '');
  if (caller === undefined) return reply(response, 401, null);
  const session = String(request.headers['mcp-session-id'] ?? '');
  if (request.method !== 'POST') return reply(response, 200, null);
  const message = JSON.parse(body.toString());
  if (message.method === 'tools/call' && !allowed.get(caller.role)?.has(message.params.name)) {
    return reply(response, 403, null);
  }
  if (message.method !== 'initialize' && !sessions.has(session)) return reply(response, 404, null);
  note(caller.name, session, 'call', message.method, body);
  if (message.id === undefined) return reply(response, 202, null);
  ask(body, JSON.stringify(message.id), (answer) => {
    note(caller.name, session, 'result', message.method, answer);
    if (message.method === 'initialize') response.setHeader('mcp-session-id', newSession());
    reply(response, 200, answer);
  });
}

function callerOf(authorization: string) {
  const seen = known.get(authorization);
  if (seen !== undefined) return seen;
  const caller = callers.get(digest(authorization.slice('Bearer '.length)));
  if (caller !== undefined) known.set(authorization, caller);
  return caller;
}

function newSession(): string {
  const id = randomUUID();
  sessions.add(id);
  return id;
}

function reply(response: ServerResponse, status: number, body: Buffer | null): void {
  if (body === null) return void response.writeHead(status, { 'content-length': 0 }).end();
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

function ask(message: Buffer, id: string, answered: (answer: Buffer) => void): void {
  waiting.set(++lastId, { id, answered });
  const place = placeOfId(message);
  if (unsent.length === 0) setImmediate(send);
  unsent.push(message.subarray(0, place.from), Buffer.from(String(lastId)), message.subarray(place.to), lineEnd);
}

function send(): void {
  const all = Buffer.concat(unsent);
  unsent = [];
  child.stdin.write(all);
}

function receive(line: Buffer): void {
  const { from, to } = placeOfId(line);
  const id = Number(line.toString('latin1', from, to));
  const asked = waiting.get(id);
  if (asked === undefined) return;
  waiting.delete(id);
  asked.answered(Buffer.concat([line.subarray(0, from), Buffer.from(asked.id), line.subarray(to)]));
}

/** Both sides here put the id near the front, as a number. */
function placeOfId(message: Buffer): { readonly from: number; readonly to: number } {
  const from = message.indexOf(idMark) + idMark.length;
  let to = from;
  while (isDigit(message[to])) to++;
  return { from, to };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

const notesPath = join(tmpdir(), `mcpvault-bench-${process.pid}.ndjson`);
const notesFile = openSync(notesPath, 'w', 0o600);
let notes: Buffer[] = [];
// Nobody reads them; the file has no name as long as it is written.
rmSync(notesPath);
setInterval(() => {
  const written = notes;
  notes = [];
  if (written.length > 0) writev(notesFile, written, () => {});
}, notesEveryMs);

function note(caller: string, session: string, direction: string, method: string, body: Buffer): void {
  const about = { at: Date.now(), caller, session, direction, method };
  notes.push(Buffer.from(`${JSON.stringify(about).slice(0, -1)},"body":`), body, Buffer.from('}\n'));
}
