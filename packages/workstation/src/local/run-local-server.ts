// Runs a server of this workstation in the place of the client: same folder, same environment and what was taken out of the
// client's file. The client's own streams are handed to it, so that not a byte passes through here.
import { spawn } from 'node:child_process';
import { expandReferences } from '../sync/references.ts';
import type { StartedServer } from '../sync/local-servers.ts';

export interface LocalRun {
  /** Of the process that the client started. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Aborts when the client wants the server to end. */
  readonly interrupted: AbortSignal;
  /** For the client's log. */
  note(text: string): void;
}

/** Milliseconds that a server is given to end by itself. */
const patience = 5_000;

/** Resolves with the server's exit code; 1 when it could not be started, or was ended by a signal. */
export function runLocalServer(
  server: StartedServer & { readonly name: string },
  { env, home, interrupted, note }: LocalRun,
): Promise<number> {
  const expand = (text: string): string => expandReferences(text, env, home);
  const own = Object.entries(server.env).map(([name, value]) => [name, expand(value)] as const);
  // What opens MCPVault is none of the server's business.
  const inherited = Object.entries(env).filter(([name]) => !name.startsWith('MCPVAULT_'));
  const child = spawn(expand(server.command), server.args.map(expand), {
    env: Object.fromEntries([...inherited, ...own]),
    stdio: 'inherit',
    windowsHide: true,
  });
  return new Promise((resolve) => {
    let last: ReturnType<typeof setTimeout> | undefined;
    const end = (): void => {
      child.kill('SIGTERM');
      last = setTimeout(() => child.kill('SIGKILL'), patience);
    };
    interrupted.addEventListener('abort', end, { once: true });
    const finish = (code: number): void => {
      clearTimeout(last);
      interrupted.removeEventListener('abort', end);
      resolve(code);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      note(
        `“${server.name}” cannot be started: ${error.code === 'ENOENT' ? 'there is no such program' : String(error.code)}`,
      );
      finish(1);
    });
    child.once('exit', (code) => finish(code ?? 1));
  });
}
