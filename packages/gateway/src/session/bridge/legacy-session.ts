// A session with a legacy server, kept for one principal and one set of capabilities: legacy servers learn once, in
// `initialize`, what a modern client says with every request. Nothing of one principal's session reaches another.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { MalformedMessage, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { latestLegacy } from '@mcpvault/protocol/mcp/revision';
import type { GatewaySettings, Log } from '../../ports.ts';
import type { Call, CallSink, Link, Listener } from '../../upstream/link.ts';
import { canBeAsked, cannotAnswer, type ClientFacts, legacyCapabilities } from './envelope.ts';
import { offersTasks } from './results.ts';
import { type CallSession, levels, SessionCall } from './session-call.ts';
import type { SessionListen } from './session-listen.ts';
import { relatedTask, taskParams, taskSupportIn, type TaskSupport } from './task-words.ts';
import { errorIn, errorOf, idOf, nobody, notificationOf, paramsOf, requestOf, resultIn, resultOf } from './words.ts';

export interface LegacySessionDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: GatewaySettings;
  readonly server: ServerEntry;
  readonly facts: ClientFacts;
  /** Milliseconds without another question after which those that are there are put. */
  readonly gather: number;
  /** Opens the server's own link, in the legacy era. May throw a `Failure`. */
  open(listener: Listener): Link;
  park(session: LegacySession, call: SessionCall): string;
  /** The session is of no use any more. */
  ended(session: LegacySession, why: Failure): void;
}

/** Milliseconds to wait until a server has taken a level, or a subscription. */
const patience = 5_000;
const mostPages = 50;
const mostTasks = 1_000;
/** Milliseconds for which a session is kept for a task that sets itself no end. */
const longestTask = 3_600_000;

export class LegacySession implements CallSession, Listener {
  readonly #deps: LegacySessionDeps;
  readonly #calls = new Map<number, SessionCall>();
  readonly #listens = new Set<SessionListen>();
  /** How many want updates of a resource. */
  readonly #watched = new Map<string, number>();
  /** Tasks that the server runs for this session, and until when it is kept for them. Milliseconds since the epoch. */
  readonly #tasks = new Map<string, number>();
  /** Calls of `tasks/result` on whose streams the questions of a task come. */
  readonly #watchers = new Map<string, SessionCall>();
  /** null until the tools were listed. */
  #support: Map<string, TaskSupport> | null = null;
  #link: Link | null = null;
  #opened: ObjectText = ObjectText.of(null);
  #ids = 0;
  #level: string | null = null;
  #over = false;
  /** The answer to `initialize`; rejects with a `Failure`. */
  readonly ready: Promise<ObjectText>;

  constructor(deps: LegacySessionDeps) {
    this.#deps = deps;
    this.ready = this.#open();
    // Whoever waits for it hears of it.
    this.ready.catch((error: unknown) => this.#finish(error instanceof Failure ? error : over(this.serverName)));
  }

  get gather(): number {
    return this.#deps.gather;
  }

  get serverName(): string {
    return this.#deps.server.name;
  }

  get serverInfo(): string | null {
    return this.#opened.get('serverInfo');
  }

  get capabilities(): ObjectText {
    return this.#opened.inner('capabilities');
  }

  /** True while anything is under way in it. */
  get busy(): boolean {
    const now = this.#deps.clock.now();
    for (const [task, until] of this.#tasks) if (until <= now) this.#forgetTask(task);
    return this.#calls.size > this.#watchers.size || this.#listens.size > 0 || this.#tasks.size > 0;
  }

  get offersTasks(): boolean {
    return offersTasks(this.capabilities);
  }

  /** How the server wants a tool to be called; null for a plain call. */
  async supportOf(tool: string): Promise<TaskSupport | null> {
    if (!this.offersTasks) return null;
    for (let pages = 0, cursor: string | null = null; this.#support === null || cursor !== null; pages++) {
      const answer = await this.query('tools/list', ObjectText.of(null).set('cursor', cursor));
      const result = resultIn(answer);
      this.listed(result);
      cursor = pages < mostPages ? result.get('nextCursor') : null;
    }
    return this.#support.get(tool) ?? null;
  }

  listed(result: ObjectText): void {
    if (!this.offersTasks) return;
    this.#support ??= new Map();
    for (const [tool, support] of taskSupportIn(result)) this.#support.set(tool, support);
  }

  madeTask(task: ObjectText): void {
    const id = task.string('taskId');
    const ttl = task.value('ttl');
    if (id === null || this.#tasks.size >= mostTasks) return;
    const lives = typeof ttl === 'number' && ttl > 0 ? Math.min(ttl, longestTask) : longestTask;
    this.#tasks.set(id, this.#deps.clock.now() + lives);
  }

  /** The call on whose stream the questions of a task come; begun when there is none. */
  watcherOf(task: string): SessionCall {
    let watcher = this.#watchers.get(task);
    if (watcher === undefined) {
      const asked = { method: 'tasks/result', params: taskParams(task), askable: true, asTask: 'no' } as const;
      watcher = new SessionCall(this, asked, null);
      this.#watchers.set(task, watcher);
      watcher.begin();
    }
    return watcher;
  }

  #forgetTask(task: string): void {
    this.#tasks.delete(task);
    this.#watchers.get(task)?.expire('nobody asks for it any more');
    this.#watchers.delete(task);
  }

  get over(): boolean {
    return this.#over;
  }

  nextId(): number {
    return ++this.#ids;
  }

  send(call: SessionCall, request: Message): Call {
    this.#calls.set(call.id, call);
    return this.#linkOrFail().call({ message: request, edits: [] }, null, this.#guarded(call));
  }

  /** Has the server say at least this much. */
  async say(level: string): Promise<void> {
    if (!this.capabilities.has('logging')) return;
    // What belongs to no call comes on the stream of the session.
    this.#linkOrFail().listen();
    if (this.#level !== null && levels.indexOf(this.#level) <= levels.indexOf(level)) return;
    this.#level = level;
    await this.ask('logging/setLevel', ObjectText.of(null).set('level', JSON.stringify(level)));
  }

  /** A request of our own; resolves once it was answered in whatever way. Returns the error, null for a result. */
  async ask(method: string, params: ObjectText): Promise<string | null> {
    try {
      const answer = await this.query(method, params);
      return answer.kind === 'result' ? null : errorIn(answer).message;
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
  }

  query(method: string, params: ObjectText): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const timer = setTimeout(() => {
      reject(new Failure('upstream_timeout', `the server "${this.serverName}" did not answer ${method} in time`));
    }, patience);
    timer.unref();
    try {
      const request = requestOf(String(this.nextId()), method, params);
      this.#linkOrFail().call({ message: request, edits: [] }, null, { ...nobody, answer: resolve, fail: reject });
    } catch (error) {
      reject(error);
    }
    return promise.finally(() => clearTimeout(timer));
  }

  reply(answer: Message): void {
    this.#link?.tell({ message: answer, edits: [] });
  }

  park(call: SessionCall): string {
    return this.#deps.park(this, call);
  }

  done(call: SessionCall): void {
    for (const id of call.ids) this.#calls.delete(id);
  }

  /** Opens what the server says unasked. */
  hear(listen: SessionListen): Promise<void> {
    this.#listens.add(listen);
    return new Promise((resolve) => this.#linkOrFail().listen(resolve));
  }

  unhear(listen: SessionListen): void {
    this.#listens.delete(listen);
  }

  /** Returns the error, null where the server says from now on when the resource changes. */
  async watch(uri: string): Promise<string | null> {
    const before = this.#watched.get(uri) ?? 0;
    this.#watched.set(uri, before + 1);
    if (before > 0) return null;
    const error = await this.ask('resources/subscribe', ObjectText.of(null).set('uri', JSON.stringify(uri)));
    if (error !== null) this.#watched.delete(uri);
    return error;
  }

  unwatch(uri: string): void {
    const left = (this.#watched.get(uri) ?? 0) - 1;
    if (left > 0) return void this.#watched.set(uri, left);
    if (!this.#watched.delete(uri) || this.#over) return;
    void this.ask('resources/unsubscribe', ObjectText.of(null).set('uri', JSON.stringify(uri)));
  }

  unsolicited(message: Message): void {
    try {
      if (message.kind === 'request') this.asked(message, null);
      else if (message.kind === 'notification') this.#heard(message);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#deps.log.warn({ server: this.serverName, why: error.message }, 'a server sent something unreadable');
    }
  }

  /** A request of the server goes to the call that it came with, or to the latest that it may belong to. */
  asked(request: Message, of: SessionCall | null): void {
    const method = request.method ?? '';
    if (method === 'ping') return this.reply(resultOf(idOf(request), '{}'));
    const task = paramsOf(request).inner('_meta').inner(relatedTask).string('taskId');
    if (task !== null && this.#tasks.has(task) && of?.askable !== true) return this.watcherOf(task).ask(request);
    const call = of?.askable === true ? of : [...this.#calls.values()].findLast(({ askable }) => askable);
    const params = ObjectText.of(request.params === null ? null : request.textAt(request.params));
    const cannot =
      call === undefined
        ? 'no request is under way that it belongs to'
        : cannotAnswer(this.#deps.facts, method, params);
    if (call !== undefined && cannot === null) return call.ask(request);
    this.reply(errorOf(idOf(request), { code: -32601, message: `the client was not asked: ${cannot}` }));
  }

  forgotten(): void {
    this.end();
  }

  lost(failure: Failure): void {
    this.#link = null;
    this.#finish(failure);
  }

  /** Ends the session with the server; what is under way fails, what listens is told to listen anew. */
  end(): void {
    this.#finish(over(this.serverName));
  }

  #finish(failure: Failure): void {
    if (this.#over) return;
    this.#over = true;
    this.#deps.ended(this, failure);
    for (const call of [...this.#calls.values()]) call.fail(failure);
    for (const listen of [...this.#listens]) listen.end();
    this.#link?.close();
    this.#link = null;
  }

  async #open(): Promise<ObjectText> {
    const { facts, settings } = this.#deps;
    const link = this.#deps.open(this);
    this.#link = link;
    const params = ObjectText.of(null)
      .set('protocolVersion', JSON.stringify(latestLegacy))
      .set('capabilities', legacyCapabilities(facts.capabilities))
      .set('clientInfo', facts.info);
    const answer = await this.#answerTo(link, requestOf(String(this.nextId()), 'initialize', params), settings);
    if (answer.kind !== 'result') {
      const said = errorIn(answer).message.slice(0, 300);
      throw new Failure('upstream_invalid', `the server "${this.serverName}" refused to be initialized: ${said}`);
    }
    this.#opened = resultIn(answer);
    await new Promise<void>((resolve) =>
      link.tell({ message: notificationOf('notifications/initialized', '{}'), edits: [] }, resolve),
    );
    // Many servers ask on the stream that belongs to no call.
    if (canBeAsked(facts)) await new Promise<void>((resolve) => link.listen(resolve));
    return this.#opened;
  }

  #answerTo(link: Link, request: Message, { connectTimeout }: GatewaySettings): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const timer = setTimeout(() => {
      const seconds = Math.round(connectTimeout / 1000);
      const text = `the server "${this.serverName}" did not answer initialize within ${seconds} seconds`;
      reject(new Failure('upstream_timeout', text));
    }, connectTimeout);
    timer.unref();
    link.call({ message: request, edits: [] }, null, { ...nobody, answer: resolve, fail: reject });
    return promise.finally(() => clearTimeout(timer));
  }

  #heard(message: Message): void {
    const { method, marks } = message;
    switch (method) {
      case 'notifications/progress': {
        const id = marks.progressToken === null ? null : message.scalarAt(marks.progressToken);
        return typeof id === 'number' ? this.#calls.get(id)?.heard(message) : undefined;
      }
      case 'notifications/message': {
        // Said to nobody in particular: only where there is one whom it can be about.
        const [only] = this.#calls.values();
        return this.#calls.size === 1 ? only?.heard(message) : undefined;
      }
      case 'notifications/cancelled': {
        const of = marks.requestId === null ? null : message.textAt(marks.requestId);
        if (of !== null) for (const call of this.#calls.values()) if (call.withdraw(of)) return;
        return;
      }
      default:
        for (const listen of this.#listens) listen.heard(message);
    }
  }

  #linkOrFail(): Link {
    if (this.#link !== null) return this.#link;
    throw new Failure('upstream_unavailable', `the session with the server "${this.serverName}" has ended`);
  }

  /** What a server sent and cannot be read costs one call only. */
  #guarded(call: SessionCall): CallSink {
    const guard = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof MalformedMessage)) throw error;
        const text = `the server "${this.serverName}" sent something unreadable: ${error.message}`;
        call.fail(new Failure('upstream_invalid', text));
      }
    };
    return {
      related: (message) => guard(() => call.related(message)),
      answer: (message) => guard(() => call.answer(message)),
      fail: (failure) => call.fail(failure),
      hasRoom: () => call.hasRoom(),
      onRoom: (resume) => call.onRoom(resume),
    };
  }
}

function over(server: string): Failure {
  return new Failure('cancelled', `the session with the server "${server}" has ended`);
}
