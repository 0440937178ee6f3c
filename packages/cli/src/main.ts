// Hands the process to the command line: the only file of this room that touches it.
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from './io.ts';
import { runCli } from './run-cli.ts';

/** Sets the exit code and lets the process end by itself, so that everything written still arrives. */
export async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  // The hub outlives whoever reads its first lines.
  if (argv[0] !== 'hub') endQuietlyWhenNobodyReads();
  process.exitCode = await runCli(argv, createIo());
}

function createIo(): Io {
  let interruption: AbortSignal | undefined;
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    fetch: (input, init) => fetch(input, init),
    openSocket: (url) => new WebSocket(url),
    clock: {
      now: () => Date.now(),
      sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    },
    // Made when first asked for: the hub handles signals itself.
    get interrupted() {
      interruption ??= listenForInterruption();
      return interruption;
    },
    machine: {
      pid: process.pid,
      isRunning,
      home: homedir(),
      platform: process.platform,
      arch: process.arch,
      nodeVersion: process.versions.node,
    },
  };
}

/** The first Ctrl-C asks the command to end; the second one does not ask. */
function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** `mcpvault … | head` is not a failure. */
function endQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}
