// The process as commands see it: with the entry points, the only file of this room that touches it.
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Io } from './io.ts';

export function createProcessIo(): Io {
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
    random: () => Math.random(),
    // Made when first asked for: the hub handles signals itself.
    get interrupted() {
      interruption ??= listenForInterruption();
      return interruption;
    },
    machine: {
      pid: process.pid,
      isRunning,
      home: homedir(),
      program: [process.execPath, fileURLToPath(new URL('../bin/mcpvault.mjs', import.meta.url))],
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
