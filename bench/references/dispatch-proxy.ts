// The bare proxy that the hub's cost is compared with: node:http in front, undici's `Pool.dispatch` behind, bodies whole, and
// no thought given to any of them. `dispatch-proxy.ts --upstream http://127.0.0.1:1234`.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { type Dispatcher, Pool } from 'undici';
import { serveUntilAbandoned } from '../processes/serve.ts';

const { values } = parseArgs({ options: { upstream: { type: 'string', default: '' } } });
const pool = new Pool(values.upstream, { connections: 64, pipelining: 1 });
const passedOn = ['content-type', 'accept', 'mcp-session-id', 'mcp-protocol-version'];

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = parts.length === 0 ? null : whole(parts);
    const method = request.method as Dispatcher.HttpMethod;
    pool.dispatch({ method, path: '/mcp', headers: picked(request.headers), body }, new Returning(response));
  });
});
serveUntilAbandoned(server);

class Returning implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  readonly #parts: Buffer[] = [];
  #status = 502;
  #headers: Record<string, string> = {};

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onRequestStart(): void {}

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = picked(headers);
  }

  onResponseData(_: unknown, data: Buffer): void {
    this.#parts.push(data);
  }

  onResponseEnd(): void {
    const body = whole(this.#parts);
    this.#response.writeHead(this.#status, { ...this.#headers, 'content-length': body.length }).end(body);
  }

  onResponseError(): void {
    this.#response.writeHead(502, { 'content-length': 0 }).end();
  }
}

function picked(headers: IncomingHttpHeaders): Record<string, string> {
  const some: Record<string, string> = {};
  for (const name of passedOn) {
    const value = headers[name];
    if (typeof value === 'string') some[name] = value;
  }
  return some;
}

function whole(parts: readonly Buffer[]): Buffer {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}
