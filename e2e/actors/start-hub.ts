// Starts the real hub as a user does, in a process of its own, on a free port and with a new data directory, and speaks to
// its API as a tool from outside would. Nothing here reaches into the hub.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface HubOptions {
  /** A data directory to go on with; a new one, removed at the end, where left out. */
  readonly data?: string;
  /** Whether the example organization's servers are made; not, where left out. */
  readonly example?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Hub extends AsyncDisposable {
  /** The origin, without a slash at its end. The same after a restart. */
  readonly url: string;
  readonly pid: number;
  readonly data: string;
  /** The URL of an MCP endpoint: of one server, or of all merged. */
  mcp(server?: string): string;
  /** What all runs printed so far, stdout and stderr together. */
  output(): string;
  /** SIGTERM; resolves with the exit code when the process has ended. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when the process has ended. */
  kill(): Promise<void>;
  /** Stops the hub where it still runs, and starts it again on the same data and port. */
  restart(): Promise<void>;
  /**
   * The answer's body. `token` left out: the admin's, signing in where needed; null: none.
   * Throws `ApiError` where the status is not 2xx.
   */
  api<Body>(method: string, path: string, body?: unknown, token?: string | null): Promise<Body>;
  signIn(email?: string, password?: string): Promise<SignedIn>;
  /** A new personal token: the admin's, or that of the member whose access token is given. */
  createToken(accessToken?: string): Promise<{ readonly id: string; readonly token: string }>;
}

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export class ApiError extends Error {
  readonly status: number;
  /** The problem+json object, or the text where it is none. */
  readonly body: unknown;

  constructor(asked: string, status: number, body: unknown) {
    super(`${asked} answered ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

export const admin = { email: 'admin@example.com', password: 'correct horse battery staple' };

const program = fileURLToPath(new URL('../../packages/cli/bin/mcpvault.mjs', import.meta.url));
const patienceMs = 90_000;

export async function startHub(options: HubOptions = {}): Promise<Hub> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'mcpvault-')));
  let output = '';
  let port = '0';
  let running = await start().catch(async (error: unknown) => {
    await cleanUp();
    throw error;
  });
  let session: SignedIn | undefined;

  async function start(): Promise<Running> {
    const env = hubEnvironment(data, port, options);
    const began = await launch(data, env, (text) => {
      output += text;
    });
    port = new URL(began.url).port;
    return began;
  }

  async function cleanUp(): Promise<void> {
    if (options.data === undefined) await rm(data, { recursive: true, force: true });
  }

  async function signIn(email = admin.email, password = admin.password): Promise<SignedIn> {
    return call(running.url, 'POST', '/api/v1/auth/login', { email, password }, undefined);
  }

  async function asAdmin<Body>(method: string, path: string, body: unknown): Promise<Body> {
    session ??= await signIn();
    try {
      return await call(running.url, method, path, body, session.accessToken);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      session = await signIn();
      return call(running.url, method, path, body, session.accessToken);
    }
  }

  const hub: Hub = {
    get url() {
      return running.url;
    },
    get pid() {
      return running.pid;
    },
    data,
    mcp: (server) => (server === undefined ? `${running.url}/mcp` : `${running.url}/mcp/${server}`),
    output: () => output,
    stop: () => end(running.child, 'SIGTERM'),
    async kill() {
      await end(running.child, 'SIGKILL');
    },
    async restart() {
      await end(running.child, 'SIGTERM');
      running = await start();
    },
    api: (method, path, body, token) =>
      token === undefined ? asAdmin(method, path, body) : call(running.url, method, path, body, token ?? undefined),
    signIn,
    createToken: (accessToken) => hub.api('POST', '/api/v1/tokens', { name: 'e2e' }, accessToken),
    async [Symbol.asyncDispose]() {
      await end(running.child, 'SIGTERM');
      await cleanUp();
    },
  };
  return hub;
}

function hubEnvironment(data: string, port: string, { example = false, env }: HubOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(MCPVAULT_|DATABASE_URL$|NODE_TEST)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    MCPVAULT_DATA: data,
    MCPVAULT_HOST: '127.0.0.1',
    MCPVAULT_PORT: port,
    MCPVAULT_EXAMPLE: example ? 'on' : 'off',
    MCPVAULT_ADMIN_EMAIL: admin.email,
    MCPVAULT_ADMIN_PASSWORD: admin.password,
    ...env,
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly pid: number;
}

/** Resolves when the hub is ready; where it ends or hangs before that, throws with what it printed. */
async function launch(data: string, env: NodeJS.ProcessEnv, hear: (text: string) => void): Promise<Running> {
  const earlier = await readHubFile(data);
  const child = spawn(process.execPath, [program, 'hub'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      hear(text);
    });
  }
  for (const began = performance.now(); performance.now() - began < patienceMs; await setTimeout(50)) {
    if (hasEnded(child)) throw new Error(`The hub ended with ${child.exitCode ?? child.signalCode}:\n${printed}`);
    const file = await readHubFile(data);
    if (file === undefined || file.startedAt === earlier?.startedAt) continue;
    if (await isReady(file.url)) return { child, url: file.url.replace(/\/$/, ''), pid: file.pid };
  }
  await end(child, 'SIGKILL');
  throw new Error(`The hub was not ready within ${patienceMs} ms:\n${printed}`);
}

interface HubFile {
  readonly pid: number;
  readonly url: string;
  readonly startedAt: string | number;
}

/** Undefined where there is none, or where it is not written to its end yet. */
async function readHubFile(data: string): Promise<HubFile | undefined> {
  try {
    return JSON.parse(await readFile(join(data, 'hub.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/readyz', url))).status === 200;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (!hasEnded(child)) {
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(patienceMs) });
    child.kill(signal);
    try {
      await ended;
    } catch {
      child.kill('SIGKILL');
      throw new Error(`The hub did not end within ${patienceMs} ms of ${signal}.`);
    }
  }
  return child.exitCode;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function call<Body>(
  origin: string,
  method: string,
  path: string,
  body: unknown,
  token: string | undefined,
): Promise<Body> {
  const answer = await fetch(new URL(path, origin), {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const parsed = answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  if (!answer.ok) throw new ApiError(`${method} ${path}`, answer.status, parsed);
  return parsed;
}
