// A hub made of memory that listens for real, and answers in the contract's shapes: inputs and answers are both held to it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type OperationKey, operations } from '@mcpvault/contract/operations';
import { apiRoot, pathParameters, takesBody } from '@mcpvault/contract/route';
import { createFakeDevice, type FakeDevice } from './fake-device.ts';
import { createFakeLive, type FakeLive } from './fake-live.ts';
import { answerMcp, type Heard } from './fake-mcp.ts';
import { createHandlers, type Handlers } from './fake-operations.ts';
import { FakeProblem } from './fake-problem.ts';
import { createRecords, type Records } from './fake-records.ts';
import { createSignIns, type FakeSignIns } from './fake-sign-ins.ts';

export interface FakeHub {
  readonly url: string;
  readonly records: Records;
  readonly signIns: FakeSignIns;
  readonly device: FakeDevice;
  readonly live: FakeLive;
  readonly heardByMcp: Heard;
  /** Names of operations, in the order they were asked for. */
  readonly asked: readonly string[];
  /** Answers this operation with a problem from now on; undefined ends it. */
  fail(key: OperationKey, problem: FakeProblem | undefined): void;
  /** What /readyz says. */
  readiness: Readonly<Record<string, 'ok' | 'failing'>>;
  /** Whether the live feed takes connections. */
  hasLive: boolean;
}

interface Options {
  /** Seconds an access token lives. */
  readonly expiresIn?: number;
}

export async function withFakeHub<T>(
  use: (hub: FakeHub) => Promise<T>,
  { expiresIn = 3600 }: Options = {},
): Promise<T> {
  const records = createRecords();
  const signIns = createSignIns(expiresIn);
  const live = createFakeLive((token) => signIns.accepts(token));
  const device = createFakeDevice();
  const handlers = createHandlers(records, signIns, device);
  const failing = new Map<OperationKey, FakeProblem>();
  const asked: string[] = [];
  const heardByMcp: Heard = [];

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://hub.invalid');
    if (device.handle(request, response, pathname)) return;
    if (pathname === '/readyz') answerReadiness(response, hub.readiness);
    else if (pathname.startsWith('/mcp')) {
      if (signIns.accepts(bearerOf(request))) void answerMcp(request, response, heardByMcp);
      else send(response, 401, { jsonrpc: '2.0', id: null, error: { code: 4010, message: 'Who are you?' } });
    } else void answerApi(request, response, pathname);
  });
  server.on('upgrade', (request, socket) => {
    if (hub.hasLive) live.accept(request, socket);
    else socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  });

  async function answerApi(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const found = findOperation(request.method ?? '', pathname);
    if (found === undefined) return problem(response, new FakeProblem(404, 'not_found', 'There is no such operation.'));
    asked.push(found.key);
    try {
      const failure = failing.get(found.key);
      if (failure !== undefined) throw failure;
      if (operations[found.key].permission !== 'anyone' && !signIns.accepts(bearerOf(request))) {
        throw new FakeProblem(401, 'unauthenticated', 'Sign in first.');
      }
      send(
        response,
        operations[found.key].status,
        await perform(handlers, found.key, { ...found.params, ...(await inputOf(request)) }),
      );
    } catch (error) {
      problem(response, error instanceof FakeProblem ? error : new FakeProblem(500, 'internal', String(error)));
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub: FakeHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    records,
    signIns,
    device,
    live,
    heardByMcp,
    asked,
    fail: (key, failure) => void (failure === undefined ? failing.delete(key) : failing.set(key, failure)),
    readiness: { database: 'ok', journal: 'ok', gateway: 'ok' },
    hasLive: true,
  };
  try {
    return await use(hub);
  } finally {
    live.drop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function perform(handlers: Handlers, key: OperationKey, given: object): unknown {
  const input = operations[key].input.safeParse(given);
  if (!input.success) {
    const issues = input.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    throw new FakeProblem(400, 'invalid_params', 'The input is not valid.', { issues });
  }
  const handler = handlers[key] as ((input: unknown) => unknown) | undefined;
  if (handler === undefined) throw new FakeProblem(500, 'internal', `The fake hub does not know ${key}.`);
  return operations[key].output.parse(handler(input.data));
}

function findOperation(method: string, pathname: string): { key: OperationKey; params: object } | undefined {
  for (const key of Object.keys(operations) as OperationKey[]) {
    const { path } = operations[key];
    const shape = new RegExp(`^${apiRoot}${path.replace(/\{\w+\}/g, '([^/]+)')}$`);
    const match = operations[key].method === method ? shape.exec(pathname) : null;
    if (match === null) continue;
    const values = match.slice(1).map(decodeURIComponent);
    return { key, params: Object.fromEntries(pathParameters(path).map((name, at) => [name, values[at]])) };
  }
  return undefined;
}

async function inputOf(request: IncomingMessage): Promise<object> {
  const isBody = takesBody({ method: request.method as 'GET' });
  const { searchParams } = new URL(request.url ?? '/', 'http://hub.invalid');
  const body = await text(request);
  return isBody ? (JSON.parse(body === '' ? '{}' : body) as object) : Object.fromEntries(searchParams);
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  return headers.authorization?.replace(/^Bearer /, '');
}

function answerReadiness(response: ServerResponse, readiness: FakeHub['readiness']): void {
  const components = Object.fromEntries(Object.entries(readiness).map(([name, status]) => [name, { status }]));
  const ready = Object.values(readiness).every((status) => status === 'ok');
  send(response, ready ? 200 : 503, { status: ready ? 'ready' : 'unavailable', components });
}

function problem(response: ServerResponse, { status, code, message: detail, more }: FakeProblem): void {
  send(response, status, {
    type: `urn:mcpvault:problem:${code}`,
    title: code,
    status,
    code,
    detail,
    requestId: 'req_1',
    ...more,
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
