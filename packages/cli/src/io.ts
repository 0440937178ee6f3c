// What a command may touch of the world. main.ts makes the real one; tests make their own.
import type { Readable, Writable } from 'node:stream';

export interface InputStream extends Readable {
  readonly isTTY?: boolean;
  /** Only terminals have it: hands over each key as it is pressed, without echo. */
  setRawMode?(raw: boolean): unknown;
}

export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  /** Width of the terminal in cells; undefined when it is none. */
  readonly columns?: number;
}

export interface Io {
  readonly stdin: InputStream;
  /** Data only: what a script reads. */
  readonly stdout: OutputStream;
  /** Notes, progress, questions and errors. */
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  readonly openSocket: (url: string) => WebSocket;
  /** Asks the desktop to show a page, and does not wait for it; false where there is no desktop. */
  readonly openBrowser: (page: string) => Promise<boolean>;
  readonly clock: {
    /** Milliseconds since the Unix epoch. */
    now(): number;
    /** Microseconds of a clock that never goes back; only differences mean something. */
    micros(): number;
    /** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
  };
  /** 0 to 1. */
  readonly random: () => number;
  /** Cryptographically strong. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Aborts when the person presses Ctrl-C or the process is asked to end. */
  readonly interrupted: AbortSignal;
  readonly machine: {
    readonly pid: number;
    /** Whether a process of this machine with that id is running. */
    isRunning(pid: number): boolean;
    readonly home: string;
    /** The command line that starts this program: an absolute path, and arguments where it needs some. */
    readonly program: readonly string[];
    readonly platform: string;
    readonly arch: string;
    readonly nodeVersion: string;
  };
}
