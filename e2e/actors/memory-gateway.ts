// Starts the gateway with a host in memory, in a process of its own: the message path without hub, database or journal, for
// scenarios that look into it. What it keeps, and what it still holds, can be asked.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { patienceMs } from './eventually.ts';

export interface MemoryGateway extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** The token of an admin, who may use every server. */
  readonly token: string;
  mcp(server?: string): string;
  /** Sends one order to the process, as its main file lists them; resolves with what it answers. */
  order<Answer>(order: { readonly do: string; readonly [member: string]: unknown }): Promise<Answer>;
  load(): Promise<Load>;
  /** Everything recorded since it was last asked for. */
  records(): Promise<readonly Recorded[]>;
  /** What was logged since it was last asked for. */
  log(): Promise<readonly { readonly level: string; readonly text: string; readonly fields: object }[]>;
  /** Resolves once nothing is under way any more; fails after a minute. Sessions may stay open. */
  quiet(): Promise<Load>;
}

export interface Load {
  readonly calls: number;
  readonly sessions: number;
  readonly links: number;
  readonly waiting: number;
  /** Connections of clients. */
  readonly sockets: number;
}

export interface Recorded {
  readonly method: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly reason: string | null;
  readonly direction: 'call' | 'result';
  readonly serverName: string | null;
  readonly target: string | null;
  readonly request: string | null;
  readonly response: string | null;
  readonly requestEdits: readonly object[];
  readonly responseEdits: readonly object[];
}

export interface MemoryServer {
  readonly name: string;
  readonly transport:
    | {
        readonly type: 'stdio';
        readonly era?: 'auto' | 'legacy' | 'modern';
        readonly command: string;
        readonly args: readonly string[];
        readonly env: Readonly<Record<string, string>>;
      }
    | {
        readonly type: 'streamable-http' | 'sse' | 'websocket';
        readonly era?: 'auto' | 'legacy' | 'modern';
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
      };
  readonly isolation?: 'shared' | 'per-organization' | 'per-member' | 'per-session';
  /** How its processes are run, where not in the usual way. */
  readonly processes?: object;
}

export interface MemoryGatewayOptions {
  /** Any free one where left out. */
  readonly port?: number;
  readonly servers?: readonly MemoryServer[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly policies?: readonly object[];
}

const program = fileURLToPath(new URL('../..', import.meta.url));

export function overHttp(name: string, url: string): MemoryServer {
  return { name, transport: { type: 'streamable-http', url, headers: {} } };
}

/** A server of this folder, or any other script, run by this Node. */
export function overStdio(name: string, args: readonly string[], isolation?: MemoryServer['isolation']): MemoryServer {
  const transport = { type: 'stdio', command: process.execPath, args, env: {} } as const;
  return { name, transport, ...(isolation !== undefined && { isolation }) };
}

/** The path of an actor's program. */
export function actor(file: string): string {
  return join(program, 'e2e/actors', file);
}

export async function startMemoryGateway(options: MemoryGatewayOptions = {}): Promise<MemoryGateway> {
  const token = 'e2e-admin';
  const child = spawn(
    process.execPath,
    [join(program, 'packages/gateway/src/testing/main.ts'), JSON.stringify({ ...options, tokens: [token] })],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const { stdin, stdout, pid } = child;
  if (pid === undefined) throw new Error('The gateway could not be started.');
  const waiting = new Map<number, (answer: { done?: unknown; failed?: string }) => void>();
  const started = Promise.withResolvers<string>();
  let orders = 0;
  createInterface({ input: stdout }).on('line', (line) => {
    const url = /^listening (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return started.resolve(url);
    const answer = JSON.parse(line) as { id: number; done?: unknown; failed?: string };
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.once('exit', (code) => started.reject(new Error(`The gateway ended with ${code}.`)));
  const url = await started.promise;

  async function order<Answer>(what: { readonly do: string }): Promise<Answer> {
    const id = ++orders;
    const { promise, resolve } = Promise.withResolvers<{ done?: unknown; failed?: string }>();
    waiting.set(id, resolve);
    stdin.write(`${JSON.stringify({ id, ...what })}\n`);
    const { done, failed } = await promise;
    if (failed !== undefined) throw new Error(failed);
    return done as Answer;
  }

  const gateway: MemoryGateway = {
    url,
    pid,
    token,
    mcp: (server) => (server === undefined ? `${url}/mcp` : `${url}/mcp/${server}`),
    order,
    load: () => order({ do: 'load' }),
    records: () => order({ do: 'records' }),
    log: () => order({ do: 'log' }),
    async quiet() {
      for (let waited = 0; ; waited += 50) {
        const load = await gateway.load();
        if (load.calls === 0 && load.waiting === 0) return load;
        if (waited > patienceMs) throw new Error(`Still under way: ${JSON.stringify(load)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    [Symbol.asyncDispose]: () => end(child),
  };
  return gateway;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(patienceMs) });
  child.stdin?.end();
  try {
    await ended;
  } catch {
    child.kill('SIGKILL');
    throw new Error('The gateway did not end by itself.');
  }
}
