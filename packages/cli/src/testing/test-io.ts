// A process made of memory: what a command reads and says, for tests. The network and the files are real.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InputStream, Io, OutputStream } from '../io.ts';
import { runCli } from '../run-cli.ts';

export interface TestIo extends Io {
  readonly stdin: PassThrough & InputStream;
  /** The pages it was asked to show. */
  readonly shown: readonly string[];
  readonly said: { readonly out: string; readonly err: string };
  /** Resolves when `pattern` has been written to stdout or stderr. */
  saidSoon(pattern: RegExp): Promise<void>;
  interrupt(): void;
  /** Moves the clock on. */
  later(ms: number): void;
}

export interface TestIoOptions {
  /** Where configuration is kept; a command without one has none yet. */
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the three streams are a terminal. */
  readonly terminal?: boolean;
  /** What comes in on stdin, which then ends. */
  readonly input?: string;
  readonly columns?: number;
}

/** The longest a test ever sleeps, whatever was asked for. */
const longestSleep = 20;

export function createTestIo(options: TestIoOptions): TestIo {
  const { terminal = false, home, input } = options;
  const out = createSink(terminal, options.columns);
  const err = createSink(terminal, options.columns);
  const stdin: PassThrough & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown } = new PassThrough();
  if (terminal) Object.assign(stdin, { isTTY: true, setRawMode: () => undefined });
  if (input !== undefined) stdin.end(input);
  const interruption = new AbortController();
  let ahead = 0;
  const shown: string[] = [];
  return {
    shown,
    openBrowser: (page) => Promise.resolve(shown.push(page) > 0),
    stdin,
    stdout: out.stream,
    stderr: err.stream,
    said: {
      get out() {
        return out.text();
      },
      get err() {
        return err.text();
      },
    },
    saidSoon: async (pattern) => {
      for (let waits = 0; !pattern.test(out.text()) && !pattern.test(err.text()); waits += 1) {
        if (waits > 1000) throw new Error(`never said ${String(pattern)}, but: ${out.text()}${err.text()}`);
        await sleep(10);
      }
    },
    interrupt: () => interruption.abort(),
    later: (ms) => {
      ahead += ms;
    },
    env: { XDG_CONFIG_HOME: home, ...options.env },
    fetch: (target, init) => fetch(target, init),
    openSocket: (url) => new WebSocket(url),
    clock: {
      now: () => new Date().getTime() + ahead,
      micros: () => (new Date().getTime() + ahead) * 1000,
      sleep: (ms, signal) => {
        ahead += Math.max(0, ms - longestSleep);
        return sleep(Math.min(ms, longestSleep), undefined, { signal }).catch(() => undefined);
      },
    },
    random: () => 0.5,
    randomBytes: (length) => randomBytes(length),
    interrupted: interruption.signal,
    machine: {
      pid: process.pid,
      isRunning: (pid) => pid === process.pid,
      home,
      program: ['/opt/mcpvault/bin/mcpvault'],
      platform: 'linux',
      arch: 'x64',
      nodeVersion: '26.0.0',
    },
  };
}

function createSink(terminal: boolean, columns: number | undefined) {
  const parts: string[] = [];
  const sink = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      parts.push(String(chunk));
      done();
    },
  });
  const stream: OutputStream = terminal ? Object.assign(sink, { isTTY: true, columns: columns ?? 100 }) : sink;
  return { stream, text: () => parts.join('') };
}

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line to its end. */
export async function run(argv: readonly string[], options: TestIoOptions): Promise<Run> {
  const io = createTestIo(options);
  const code = await runCli(argv, io);
  return { code, ...io.said };
}

/** A folder for one test's configuration, gone after it. */
export async function withHome<T>(use: (home: string) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'mcpvault-cli-'));
  try {
    return await use(home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
