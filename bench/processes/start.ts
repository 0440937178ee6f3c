// The programs a benchmark needs beside the hub: upstreams and references. Each ends when its stdin does, so none outlives
// this process, whatever ends it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Serving extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

const startLimitMs = 20_000;
const endLimitMs = 3_000;

/** Starts a program of this room, given by its path in it, and waits until it says its port. */
export async function startProgram(path: string, args: readonly string[] = []): Promise<Serving> {
  const program = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(child.stdout, 'data', { signal: AbortSignal.timeout(startLimitMs) })) as [Buffer];
    const { port } = JSON.parse(line.toString()) as { port: number };
    return { pid: child.pid ?? 0, port, [Symbol.asyncDispose]: () => endProgram(child) };
  } catch (error) {
    await endProgram(child);
    throw new Error(`${path} did not start`, { cause: error });
  }
}

async function endProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(endLimitMs) });
  child.stdin?.end();
  await ended.catch(() => child.kill('SIGKILL'));
}
