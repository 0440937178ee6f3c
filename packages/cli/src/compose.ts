// The process as commands see it: with the entry points, the only file of this room that touches it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Io } from './io.ts';
import { browserCommand } from './terminal/browser-command.ts';

export function createProcessIo(): Io {
  let interruption: AbortSignal | undefined;
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    fetch: (input, init) => fetch(input, init),
    openSocket: (url) => new WebSocket(url),
    openBrowser,
    clock: {
      now: () => Date.now(),
      micros: () => performance.now() * 1000,
      sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    },
    random: () => Math.random(),
    randomBytes: (length) => randomBytes(length),
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

async function openBrowser(page: string): Promise<boolean> {
  const [program, ...args] = browserCommand({ platform: process.platform, env: process.env }, page) ?? [];
  if (program === undefined) return false;
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  child.unref();
  try {
    await once(child, 'spawn');
    return true;
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
