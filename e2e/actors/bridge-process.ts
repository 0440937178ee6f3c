// `mcpvault bridge` as an AI client runs it: a process that is given lines and gives lines, seen from its pipes.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface BridgeProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Every line it wrote to stdout so far, as it came. */
  readonly lines: readonly string[];
  /** What it said to people so far. */
  err(): string;
  /** Writes a line: a message, or any text. */
  say(message: object | string): void;
  /** The first line, written already or still to come, that fits; throws when the process ends or half a minute passes. */
  line(fits: (message: Said) => boolean): Promise<string>;
  /** Sends a request and resolves with its answer. */
  ask(method: string, params?: object): Promise<Said>;
  /** Opens a legacy session. */
  open(protocolVersion?: string): Promise<Said>;
  /** Ends its stdin; resolves with the exit code. */
  end(): Promise<number | null>;
  ended(): Promise<number | null>;
}

export interface Said {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: { readonly code?: string } };
}

export const bridgeProgram = fileURLToPath(new URL('../../packages/cli/bin/mcpvault.mjs', import.meta.url));
const patienceMs = 30_000;

/**
 * How a client's configuration has it; nothing of this machine's own configuration counts. `globals` are options that stand
 * before the command.
 */
export async function bridgeCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  globals: readonly string[] = [],
) {
  const home = await mkdtemp(join(tmpdir(), 'mcpvault-bridge-'));
  const { PATH = '' } = process.env;
  return {
    command: process.execPath,
    args: [bridgeProgram, ...globals, 'bridge', ...args],
    env: { PATH, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: join(tmpdir(), 'mcpvault-bridge-cache'), ...env },
    home,
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

export async function startBridge(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  globals: readonly string[] = [],
): Promise<BridgeProcess> {
  const command = await bridgeCommand(args, env, globals);
  const child = spawn(command.command, command.args, { env: command.env, stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let err = '';
  let asked = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of [...waiting]) look();
  });
  const over = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));

  function line(fits: (message: Said) => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      let seen = 0;
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        waiting.delete(look);
        settle();
      };
      const fail = (why: string): void =>
        done(() => reject(new Error(`${why}\nstdout:\n${lines.join('\n')}\nstderr:\n${err}`)));
      const timer = setTimeout(() => fail('No such line came.'), patienceMs);
      const look = (): void => {
        for (; seen < lines.length; seen++) {
          const text = lines[seen] ?? '';
          if (fits(JSON.parse(text) as Said)) return done(() => resolve(text));
        }
      };
      waiting.add(look);
      look();
      void over.then(() => fail('The bridge has ended.'));
    });
  }

  const bridge: BridgeProcess = {
    child,
    lines,
    err: () => err,
    say: (message) =>
      void child.stdin.write(
        `${typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message })}\n`,
      ),
    line,
    async ask(method, params) {
      const id = `ask-${++asked}`;
      bridge.say({ id, method, ...(params !== undefined && { params }) });
      return JSON.parse(await line((said) => said.id === id && said.method === undefined)) as Said;
    },
    async open(protocolVersion = '2025-11-25') {
      const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'pipes', version: '1' } };
      const answer = await bridge.ask('initialize', params);
      bridge.say({ method: 'notifications/initialized' });
      return answer;
    },
    end() {
      child.stdin.end();
      return over;
    },
    ended: () => over,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await over;
      clearTimeout(timer);
      await command.remove();
    },
  };
  return bridge;
}
