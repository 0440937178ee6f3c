// Runs `mcpvault` as people and scripts do: in a process of its own, with a configuration of its own, against a real hub.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** What comes in on stdin, which is empty where left out. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** One that goes on until it is told to stop. */
export interface Running {
  readonly child: ChildProcess;
  /** Everything it wrote so far. */
  out(): string;
  err(): string;
  /** Resolves when it has written what fits; throws when it ends or a minute passes without. */
  wrote(pattern: RegExp): Promise<void>;
  type(keys: string): void;
  ended(): Promise<number | null>;
}

export interface CommandLine extends AsyncDisposable {
  /** The file credentials are kept in. */
  readonly credentials: string;
  run(args: readonly string[], options?: RunOptions): Promise<Run>;
  /** Runs with --json, throws unless it ends with 0, and reads what came on stdout. */
  json<Shape>(args: readonly string[], options?: RunOptions): Promise<Shape>;
  start(args: readonly string[], options?: RunOptions): Running;
  /** The same on a terminal of its own, whose output is all in one. */
  onTerminal(args: readonly string[]): Running;
  /** Everything all runs wrote so far. */
  everything(): string;
}

const program = fileURLToPath(new URL('../../packages/cli/bin/mcpvault.mjs', import.meta.url));
const patienceMs = 60_000;

export async function commandLine(hub: string): Promise<CommandLine> {
  const home = await mkdtemp(join(tmpdir(), 'mcpvault-cli-'));
  const running = new Set<ChildProcess>();
  let everything = '';

  function environment(more: RunOptions['env']): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    const own = { XDG_CONFIG_HOME: home, XDG_CACHE_HOME: join(home, 'cache'), MCPVAULT_HUB: hub, TERM: 'xterm' };
    return { PATH, HOME: home, ...own, ...more };
  }

  function launch(file: string, args: readonly string[], { input, env }: RunOptions): Running {
    const child = spawn(file, args, { env: environment(env), stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const written = { out: '', err: '' };
    for (const name of ['out', 'err'] as const) {
      child[`std${name}`].setEncoding('utf8').on('data', (text: string) => {
        written[name] += text;
        everything += text;
      });
    }
    // It may end before it has read everything.
    child.stdin.on('error', () => undefined);
    if (input !== undefined) child.stdin.end(input);
    const closed = once(child, 'close').then(() => child.exitCode);
    return {
      child,
      out: () => written.out,
      err: () => written.err,
      async wrote(pattern) {
        for (let waited = 0; !pattern.test(written.out); waited += 25) {
          if (child.exitCode !== null || waited > patienceMs) {
            throw new Error(`It never wrote ${pattern}:\n${written.out}${written.err}`);
          }
          await setTimeout(25);
        }
      },
      type: (keys) => void child.stdin.write(keys),
      async ended() {
        const late = setTimeout(patienceMs, 'late', { ref: false });
        if ((await Promise.race([closed, late])) === 'late') child.kill('SIGKILL');
        return closed;
      },
    };
  }

  const line: CommandLine = {
    credentials: join(home, 'mcpvault', 'credentials.json'),
    async run(args, options = {}) {
      const started = launch(process.execPath, [program, ...args], { input: '', ...options });
      const code = await started.ended();
      return { code, out: started.out(), err: started.err() };
    },
    async json(args, options) {
      const { code, out, err } = await line.run([...args, '--json'], options);
      if (code !== 0) throw new Error(`mcpvault ${args.join(' ')} ended with ${code}: ${err}`);
      return JSON.parse(out);
    },
    start: (args, options = {}) => launch(process.execPath, [program, ...args], options),
    onTerminal(args) {
      const words = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
      return launch('script', ['--quiet', '--return', '--command', words.join(' '), '/dev/null'], {});
    },
    everything: () => everything,
    async [Symbol.asyncDispose]() {
      for (const child of running) child.kill('SIGKILL');
      await rm(home, { recursive: true, force: true });
    },
  };
  return line;
}
