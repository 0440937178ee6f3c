// A receiver in a process of its own, that is killed and started again on the same port.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Killable extends AsyncDisposable {
  readonly port: number;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** `args` go behind the port. The first start takes any free port. */
export async function startKillable(script: string, args: readonly string[], wanted = 0): Promise<Killable> {
  let port = wanted;
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [script, String(port), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    const [printed] = (await once(started.stdout, 'data')) as [Buffer];
    port = Number(printed.toString());
  }

  async function kill(): Promise<void> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  await start();
  return {
    get port() {
      return port;
    },
    kill,
    start,
    [Symbol.asyncDispose]: kill,
  };
}
