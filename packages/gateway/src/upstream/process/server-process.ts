// One running stdio MCP server: a process in a group of its own, started without a shell and with a clean environment,
// spoken to line by line. It starts what an approved definition says and nothing else, understands no message, and leaves
// no descendant behind.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { Confinement } from '@mcpvault/domain/catalog/process-rules';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { Id } from '@mcpvault/domain/ids';
import type { Log } from '../../ports.ts';
import { exitReason, spawnReason } from './exit-reason.ts';
import { LineFramer } from './line-framer.ts';
import { LogLines, type LogRing } from './log-ring.ts';
import { Outbox } from './outbox.ts';
import { processEnvironment } from './process-environment.ts';
import { endGroup } from './process-group.ts';
import type { ReaperLink } from './reaper-link.ts';
import type { Enclosed, Enclosure } from './sandbox/enclosure.ts';

/** One line that a server process wrote to stderr, or that says when it started and how it ended. */
export interface ProcessLogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Id of the process that wrote it. */
  readonly process: string;
  readonly text: string;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** For people: what happened and, where one is known, the fix. Starts in lower case and has no full stop. */
  readonly reason: string;
  /** True when MCPVault ended it on purpose. */
  readonly requested: boolean;
  readonly livedMs: number;
}

export interface ServerProcessDeps {
  readonly ambient: Ambient;
  readonly log: Log;
  readonly reaper: ReaperLink;
  readonly ring: LogRing;
  /** Told at its first line: from then on it counts as started. */
  onSpoken(): void;
  readonly instance: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly maxMessageBytes: number;
  readonly enclosure: Enclosure;
  /** A folder of its own, where it starts when its definition names none. */
  readonly home: string;
}

/** Room for what a line holds besides the message. */
const lineSlack = 4 * 1024;
const minPending = 8 * 1024 * 1024;
/** Milliseconds that the rest of a group gets after its leader ended by itself. */
const strayGrace = 1_000;
/** Milliseconds to read what a process wrote before it ended; a descendant may hold its stdout open for longer. */
const drainWait = 300;
/** Milliseconds that a process without stdin or stdout may take to end, before it is ended. */
const deafWait = 1_000;

export class ServerProcess {
  readonly id: Id<'prc'>;
  readonly server: ServerEntry;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /**
   * Gets every line of stdout without its line end; set it in the same turn as `acquire`. The buffer may be a view of a
   * larger chunk: copy it before keeping it for long.
   */
  onLine: (line: Buffer) => void = () => {};

  readonly #deps: ServerProcessDeps;
  readonly #listeners: ((exit: ProcessExit) => void)[] = [];
  readonly #leaderGone = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #enclosed: Enclosed;
  #child: ChildProcess | null = null;
  #outbox: Outbox | null = null;
  #exit: ProcessExit | null = null;
  #ending: string | null = null;
  #requested = false;
  #spoke = false;
  #broken = false;
  #groupEnd: Promise<void> | null = null;

  constructor(server: ServerEntry, deps: ServerProcessDeps) {
    this.server = server;
    this.#deps = deps;
    this.id = deps.ambient.ids.next('prc');
    this.startedAt = deps.ambient.clock.now();
    if (server.transport.type !== 'stdio' || !server.enabled)
      throw new Error('only enabled stdio servers have processes');
    const { command, cwd } = server.transport;
    const enclosed = this.#enclose(server.transport);
    this.#enclosed = enclosed;
    for (const note of enclosed.notes) this.note(note);
    const why = (error: unknown) => spawnReason(error, command, cwd ?? deps.home);
    try {
      this.#attach(
        spawn(enclosed.command, [...enclosed.args], {
          cwd: enclosed.cwd,
          env: enclosed.environment,
          stdio: 'pipe',
          shell: false,
          detached: true,
          windowsHide: true,
        }),
        (error) => this.#notStarted(why(error)),
      );
    } catch (error) {
      queueMicrotask(() => this.#notStarted(why(error)));
    }
  }

  get confinement(): Confinement {
    return this.#enclosed.confinement;
  }

  /** null when it could not be started. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** null while it runs. */
  get exit(): ProcessExit | null {
    return this.#exit;
  }

  /** True once it has ended or is being ended: nothing can be sent to it any more. */
  get ending(): boolean {
    return this.#ending !== null || this.#exit !== null;
  }

  /** True once it has written a line to stdout. */
  get spoke(): boolean {
    return this.#spoke;
  }

  /**
   * Sends one message given in parts; adds the line end and turns line breaks inside into spaces. Parts must not be
   * changed afterwards. Throws `Failure('busy')` when the process reads too slowly and `Failure('upstream_unavailable')`
   * when it has ended or is being ended.
   */
  send(parts: readonly Buffer[]): void {
    if (this.ending) {
      const reason = this.#exit?.reason ?? this.#ending;
      throw new Failure('upstream_unavailable', `The process of "${this.server.name}" is gone: ${reason}.`);
    }
    // Without one it could not be started, and its exit, which says why, is about to be told.
    this.#outbox?.push(parts);
  }

  /** Called exactly once per listener, after the last line; soon, but never at once, when it has ended already. */
  onExit(listener: (exit: ProcessExit) => void): void {
    const exit = this.#exit;
    if (exit === null) this.#listeners.push(listener);
    else queueMicrotask(() => listener(exit));
  }

  /** Closes stdin, then SIGTERM, then SIGKILL to the group, `grace` milliseconds apart. Resolves when all are gone. */
  async stop(options: { readonly grace: number; readonly why?: string }): Promise<void> {
    if (this.#ending === null) {
      this.#requested = true;
      this.#ending = options.why ?? 'MCPVault ended it';
      this.#outbox?.flush();
      this.#child?.stdin?.end();
    }
    await Promise.race([this.#leaderGone.promise, pause(options.grace, undefined, { ref: false })]);
    this.#endGroup(options.grace);
    await this.#gone.promise;
    if (this.#exit === null) await new Promise<void>((resolve) => this.onExit(() => resolve()));
  }

  /** Reads nothing of what it writes for some milliseconds, and so holds it up. */
  rest(milliseconds: number): void {
    const stdout = this.#child?.stdout;
    if (stdout === null || stdout === undefined || stdout.isPaused()) return;
    stdout.pause();
    setTimeout(() => stdout.resume(), milliseconds).unref();
  }

  /** A line of MCPVault's own for its log. */
  note(text: string): void {
    this.#deps.ring.add({ at: this.#deps.ambient.clock.now(), process: this.id, text });
  }

  #enclose({ command, args, env, cwd }: Extract<ServerEntry['transport'], { type: 'stdio' }>): Enclosed {
    const { enclosure, environment, instance, home } = this.#deps;
    return enclosure.enclose(this.server.name, this.id, this.server.processes, {
      ...{ command, args, home, cwd: cwd ?? null },
      environment: processEnvironment(environment, env, instance, this.id),
    });
  }

  #attach(child: ChildProcess, onError: (error: unknown) => void): void {
    this.#child = child;
    child.on('error', (error) => {
      if (child.pid === undefined) onError(error);
    });
    const { pid, stdin, stdout, stderr } = child;
    if (pid === undefined || stdin === null || stdout === null || stderr === null) return;
    this.#deps.reaper.add(pid, this.id);
    this.note(`started as process ${pid}`);
    this.#write(stdin);
    this.#read(stdout, stderr);
    child.on('exit', (code, signal) => this.#leaderEnded(child, code, signal));
  }

  #write(stdin: Writable): void {
    this.#outbox = new Outbox(stdin, Math.max(minPending, this.#deps.maxMessageBytes * 2));
    stdin.on('error', () => this.#failLater('it closed its input while it was needed'));
  }

  #read(stdout: Readable, stderr: Readable): void {
    const limit = this.#deps.maxMessageBytes + lineSlack;
    const framer = new LineFramer(
      limit,
      (line) => this.#line(line),
      () => this.#fail(`it wrote a line longer than ${limit} bytes to its output`),
    );
    stdout.on('data', (chunk: Buffer) => framer.push(chunk));
    stdout.on('end', () => this.#failLater('it closed its output while it was needed'));
    stdout.on('error', () => this.#failLater('its output cannot be read'));
    const lines = new LogLines((text) => this.note(text));
    stderr.on('data', (chunk: Buffer) => lines.push(chunk));
    stderr.on('end', () => lines.end());
    stderr.on('error', () => lines.end());
  }

  #line(line: Buffer): void {
    try {
      if (!this.#spoke) this.#deps.onSpoken();
      this.#spoke = true;
      this.onLine(line);
    } catch (error) {
      if (!this.#broken) this.#deps.log.error({ err: error, process: this.id }, 'a line of a server broke its reader');
      this.#broken = true;
    }
  }

  /** Ends it because it cannot be used any more. */
  #fail(reason: string): void {
    if (this.ending) return;
    this.#ending = reason;
    this.#endGroup(strayGrace);
  }

  /** A process that ends closes its pipes first: how it ended then says more than that they are closed. */
  #failLater(reason: string): void {
    setTimeout(() => this.#fail(reason), deafWait).unref();
  }

  #leaderEnded(child: ChildProcess, code: number | null, signal: string | null): void {
    this.#leaderGone.resolve();
    this.#endGroup(strayGrace);
    const publish = () => {
      clearTimeout(timer);
      for (const stream of child.stdio) stream?.destroy();
      this.#publish(code, signal, this.#ending ?? exitReason(code, signal, this.server.processes.limits));
    };
    const timer = setTimeout(publish, drainWait);
    child.once('close', publish);
  }

  #notStarted(reason: string): void {
    this.#enclosed.done();
    this.#leaderGone.resolve();
    this.#gone.resolve();
    this.#publish(null, null, `it could not be started: ${reason}`);
  }

  #publish(code: number | null, signal: string | null, reason: string): void {
    if (this.#exit !== null) return;
    const livedMs = this.#deps.ambient.clock.now() - this.startedAt;
    this.#exit = { code, signal, reason, requested: this.#requested, livedMs };
    this.note(`ended: ${reason}`);
    for (const listener of this.#listeners) listener(this.#exit);
  }

  #endGroup(grace: number): void {
    const pid = this.pid;
    if (this.#groupEnd !== null || pid === null) return;
    this.#groupEnd = endGroup(pid, grace).then(() => {
      this.#deps.reaper.remove(pid, this.id);
      this.#enclosed.done();
      this.#gone.resolve();
    });
  }
}
