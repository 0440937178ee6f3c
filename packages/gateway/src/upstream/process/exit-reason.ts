import { statSync } from 'node:fs';
import { constants } from 'node:os';
import type { ProcessLimits } from '@mcpvault/domain/catalog/process-rules';

const signalsByCode: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals).map(([name, number]) => [128 + number, name]),
);

/** For people: why a process could not be started, and the fix. Never repeats arguments, which may hold secrets. */
export function spawnReason(error: unknown, command: string, folder: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (!isFolder(folder)) return `the folder "${folder}" does not exist. Create it, or name another one`;
  if (code === 'ENOENT') {
    if (!/[\\/]/.test(command)) {
      return `command "${command}" was not found on the hub's PATH. Install it on the hub's machine, or give its full path`;
    }
    return `"${command}" does not exist, or the interpreter in its first line does not. Correct the path`;
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `"${command}" may not be executed by the hub's account. Make it executable (chmod +x), and its folders readable`;
  }
  if (code === 'ENOEXEC') return `"${command}" is not a program for this machine. Name the program that runs it first`;
  if (code === 'E2BIG') return 'its arguments and environment are too large. Put the long values into a file';
  if (code === 'EAGAIN' || code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM') {
    return `the hub's machine cannot start more processes now (${code}). Raise its limits, or end something`;
  }
  if (code === 'ERR_INVALID_ARG_VALUE') return 'its command, arguments or environment hold a NUL character. Remove it';
  return `the operating system did not start it (${code ?? 'unknown error'})`;
}

/** For people: how a process ended that nobody had asked to end. */
export function exitReason(code: number | null, signal: string | null, limits: ProcessLimits): string {
  const { cpuSeconds, memory } = limits;
  // A shell, or what a sandbox is made by, tells the signal that ended its child as an exit code.
  const ended = signal ?? (code === null ? null : (signalsByCode.get(code) ?? null));
  if (ended === 'SIGXCPU' && cpuSeconds !== null) {
    return `it used more processor time than the ${cpuSeconds} s that it may`;
  }
  if (ended === 'SIGKILL' && memory !== null) {
    return `it was killed (SIGKILL), perhaps because it took more memory than the ${memory} MiB that it may`;
  }
  if (signal === 'SIGKILL') return 'it was killed (SIGKILL), perhaps because the machine ran out of memory';
  if (signal !== null) return `it was ended by ${signal}`;
  if (code === 0) return 'it ended by itself (exit code 0)';
  if (code === 127) return 'it ended with exit code 127: a command that it calls was not found';
  return `it ended with exit code ${code}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
