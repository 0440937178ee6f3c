// Many conversations over one server process. Every request gets an id of this hop, so that answers, progress and
// cancellation find back to their owner; what cannot be attributed to one conversation reaches none.
import { Failure } from '@mcpvault/domain/failure';
import type { Clock } from '@mcpvault/domain/ambient';
import { apply } from '@mcpvault/domain/redaction/apply';
import { combineEdits } from '@mcpvault/domain/redaction/combine-edits';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { MalformedMessage, memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import type { GatewaySettings, Log } from '../ports.ts';
import { FloodGate } from './flood-gate.ts';
import type { Call, CallSink, Outbound } from './link.ts';
import { idNear, idOf, splice, underId } from './hop-ids.ts';
import { Pendings } from './pendings.ts';
import type { ServerProcess } from './process/server-process.ts';
import { sessionNamedIn } from './session-context.ts';
import type { StdioHop, StdioLink } from './stdio-link.ts';
import { StdioOpening } from './stdio-opening.ts';

/** The conversations on the process, and whoever keeps it. */
export interface Crowd {
  readonly serves: StdioHop['serves'];
  /** All conversations are of one member: what belongs to no certain call may go to the latest one. */
  readonly oneMember: boolean;
  readonly links: ReadonlySet<StdioLink>;
  linkOf(conversation: string): StdioLink | null;
  /** Whether requests carry the session context. */
  sendsContext(mux: StdioMux): boolean;
  /** The conversation whose task this is. */
  taskOwner(task: string): string | null;
  /** A call was answered; called before its answer is delivered. */
  answered(mux: StdioMux, link: StdioLink, request: Message, answer: Message): void;
  /** There is room for one more call. */
  freed(mux: StdioMux): void;
  ended(mux: StdioMux, failure: Failure): void;
}

export interface StdioMuxDeps {
  readonly process: ServerProcess;
  readonly crowd: Crowd;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: GatewaySettings;
}

interface Pending {
  readonly link: StdioLink | null;
  readonly request: Message;
  readonly sink: CallSink;
  /** Microseconds of the steady clock; 0 where nobody asks. */
  readonly at: number;
}

/** A question of the server that waits for one client's answer. */
interface Question {
  readonly link: StdioLink;
  /** Its id as the server wrote it. */
  readonly id: string;
}

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId';
const relatedTaskKey = 'io.modelcontextprotocol/related-task';
const toEverybody: ReadonlySet<string | null> = new Set([
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
]);
/** Microseconds without an answer after which a process counts as behind. */
const behindAfter = 1_000_000;

export class StdioMux {
  readonly #deps: StdioMuxDeps;
  readonly #crowd: Crowd;
  readonly #pending = new Pendings<Pending>();
  readonly opening: StdioOpening;
  readonly #gate: FloodGate;
  /** By the id under which the client knows it. */
  #questions: Map<string, Question> | null = null;
  #asked = 0;
  #sawGarbage = false;
  /** One call at a time is watched, to know how long answers take: its id, and since when. */
  #watched = 0;
  #watchedSince = 0;
  /** Lines heard, and as of the latest sweep. */
  #lines = 0;
  #linesSwept = 0;
  /** Microseconds: since when it has been silent, as far as sweeps have seen, and when it last got a call. */
  #silentSince = 0;
  usedAt: number;
  /** Takes no new calls: it is outdated, too old, or does not answer. */
  leaving = false;
  /** Whether calls are timed each; set before the first one. */
  timesCalls = false;

  constructor(deps: StdioMuxDeps) {
    this.#deps = deps;
    this.#crowd = deps.crowd;
    this.#gate = new FloodGate(deps.clock);
    this.usedAt = deps.clock.micros();
    this.opening = new StdioOpening(this, deps.process, deps.settings);
    deps.process.onLine = (line) => this.#line(line);
    deps.process.onExit((exit) =>
      this.#ended(`the process of the server "${deps.process.server.name}" ended: ${exit.reason}`),
    );
  }

  get process(): ServerProcess {
    return this.#deps.process;
  }

  /** Requests that were not answered yet. */
  get waiting(): number {
    return this.#pending.size;
  }

  get hasQuestions(): boolean {
    return this.#questions !== null && this.#questions.size > 0;
  }

  /** True when a call has waited so long that more of them would rather go to another process. */
  isBehind(now: number): boolean {
    return this.#watched !== 0 && now - this.#watchedSince > behindAfter;
  }

  /** Microseconds for which it has owed an answer without saying anything at all; 0 when it owes none. */
  silentFor(now: number): number {
    return this.#pending.size === 0 ? 0 : now - Math.max(this.#watchedSince, this.#silentSince);
  }

  /** Called about once a second: notes that it spoke or was spoken to. */
  sweep(now: number): void {
    if (this.#pending.size > 0) this.usedAt = now;
    if (this.#pending.size > 0 && this.#lines === this.#linesSwept) return;
    this.#linesSwept = this.#lines;
    this.#silentSince = now;
  }

  /** Sends a request under an id of this hop. */
  call(link: StdioLink | null, { message, edits }: Outbound, sink: CallSink): Call {
    const watches = this.#watched === 0;
    const now = watches || this.timesCalls ? this.#deps.clock.micros() : 0;
    const id = this.#pending.add({ link, request: message, sink, at: now });
    if (watches) {
      this.#watched = id;
      this.#watchedSince = now;
      this.usedAt = now;
    }
    try {
      this.#deps.process.send(underId(message, edits, String(id), this.#contextFor(link)));
    } catch (error) {
      this.#take(id);
      if (!(error instanceof Failure)) throw error;
      queueMicrotask(() => sink.fail(error));
    }
    return { cancel: (reason) => this.#cancel(id, reason) };
  }

  send(bytes: Buffer): void {
    try {
      this.#deps.process.send([bytes]);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }

  /** Passes a client's answer on to the server, if it is one to a question of this process. */
  answer(link: StdioLink, { message, edits }: Outbound): boolean {
    const id = typeof message.id === 'string' ? message.id : null;
    const question = id === null ? undefined : this.#questions?.get(id);
    if (id === null || question === undefined || question.link !== link || message.idSpan === null) return false;
    this.#questions?.delete(id);
    this.send(apply(message.raw, combineEdits([splice(message.idSpan, question.id), ...edits])));
    return true;
  }

  /** The conversation is over. */
  leave(link: StdioLink): void {
    for (const [id, pending] of this.#pending.all()) {
      if (pending.link === link) this.#cancel(id, 'the client ended its session');
    }
    for (const [id, question] of this.#questions ?? []) {
      if (question.link !== link) continue;
      this.#questions?.delete(id);
      this.#refuse(question.id, 'the client has ended its session');
    }
  }

  isUsedBy(link: StdioLink): boolean {
    return this.#pending.all().some(([, pending]) => pending.link === link);
  }

  /** Fails calls that take longer than this, in microseconds. Returns how many. */
  failOlderThan(age: number, now: number, failure: Failure): number {
    let failed = 0;
    for (const [id, { at, link }] of this.#pending.all()) {
      if (link === null || at === 0 || now - at <= age) continue;
      failed++;
      const pending = this.#cancel(id, failure.message);
      pending?.sink.fail(failure);
    }
    return failed;
  }

  #contextFor(link: StdioLink | null): string | null {
    return link !== null && this.#crowd.sendsContext(this) ? link.context : null;
  }

  #line(line: Buffer): void {
    this.#lines++;
    try {
      this.#hear(parseMessage(line, { maxDepth: this.#deps.settings.maxDepth, check: 'structure' }));
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      if (this.#mayPass(line.length)) this.#unreadable(line, error);
    }
  }

  #hear(message: Message): void {
    switch (message.kind) {
      case 'result':
      case 'error':
        return this.#answer(message);
      case 'request':
        if (this.#mayPass(message.raw.length)) return this.#request(message);
        return this.#refuse(idOf(message), 'you ask too much at once');
      case 'notification':
        if (this.#mayPass(message.raw.length)) this.#notification(message);
    }
  }

  #answer(message: Message): void {
    const id = message.id ?? this.#onlyPending();
    const pending = typeof id === 'number' ? this.#take(id) : null;
    if (pending === null) return void this.#mayPass(message.raw.length);
    const { request, link, sink } = pending;
    if (link !== null) this.#crowd.answered(this, link, request, message);
    sink.answer(request.idSpan === null ? message : message.withId(request.textAt(request.idSpan)), 200);
    this.#crowd.freed(this);
  }

  /** An error without an id answers a request that the server could not read: the only one, if there is only one. */
  #onlyPending(): number | null {
    if (this.#pending.size !== 1) return null;
    const [only] = this.#pending.all();
    return only?.[0] ?? null;
  }

  /** False for what is too much of a process that says more than it was asked for. */
  #mayPass(bytes: number): boolean {
    const passage = this.#gate.take(bytes, this.#crowd.links.size);
    if (passage === 'passes') return true;
    if (this.#gate.dropped === 1) {
      const fields = { server: this.#name, process: this.process.id };
      this.#deps.log.warn(fields, 'a server says more unasked than anybody can hear; what is too much is dropped');
      this.process.note('it says more unasked than anybody can hear; what is too much is dropped');
    }
    if (passage === 'shut') this.process.rest(this.#gate.shutFor);
    return false;
  }

  #request(message: Message): void {
    if (this.#crowd.serves === 'session' && this.#onlyLink() !== null) return this.#toLatest(message);
    const id = idOf(message);
    if (message.method === 'ping') return this.send(Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{}}`));
    const link = this.#linkNamedIn(message);
    if (link === null) {
      return this.#refuse(id, 'this process serves several conversations, and the request does not say which one');
    }
    if (message.idSpan === null) return;
    const ours = `${this.process.id}-${++this.#asked}`;
    this.#questions ??= new Map();
    this.#questions.set(ours, { link, id });
    this.#toLatestOf(link, this.#edited(message, [splice(message.idSpan, JSON.stringify(ours))]));
  }

  #refuse(id: string, text: string): void {
    this.send(Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code: -32601, message: text })}}`));
  }

  #notification(message: Message): void {
    const { method, marks } = message;
    if (method === 'notifications/progress') {
      if (marks.progressToken !== null) this.#attributed(message, marks.progressToken);
      return;
    }
    const subscription = marks.meta === null ? null : memberAt(message.text, marks.meta, subscriptionKey);
    if (subscription !== null) return this.#attributed(message, subscription);
    if (method === 'notifications/cancelled' && this.#crowd.serves !== 'session') return this.#withdrawn(message);
    if (this.#crowd.serves === 'session') return this.#toLatest(message);
    const named = this.#linkNamedIn(message);
    if (named !== null) return this.#toLatestOf(named, message);
    if (method === 'notifications/resources/updated') return this.#updated(message);
    if (toEverybody.has(method)) for (const link of this.#crowd.links) link.listener.unsolicited(message);
    else if (this.#crowd.oneMember) this.#toLatest(message);
  }

  /** The conversation that a server names, by its session or by its task. */
  #linkNamedIn(message: Message): StdioLink | null {
    const { meta } = message.marks;
    const session = sessionNamedIn(message);
    if (session !== null) return this.#crowd.linkOf(session);
    const related = meta === null ? null : memberAt(message.text, meta, relatedTaskKey);
    const place = related ?? (message.method === 'notifications/tasks/status' ? message.params : null);
    const span = place === null ? null : memberAt(message.text, place, 'taskId');
    const task = span === null ? null : message.scalarAt(span);
    const owner = typeof task === 'string' ? this.#crowd.taskOwner(task) : null;
    return owner === null ? null : this.#crowd.linkOf(owner);
  }

  #updated(message: Message): void {
    const uri = message.target;
    if (uri === null) return;
    for (const link of this.#crowd.links) {
      if (link.subscriptions?.has(uri) === true) link.listener.unsolicited(message);
    }
  }

  /** A notification that carries one of our ids: it goes to that call, under the client's own id or token. */
  #attributed(message: Message, span: Span): void {
    const pending = this.#pending.get(Number(message.scalarAt(span)));
    if (pending === null) return;
    const { request } = pending;
    const own = message.method === 'notifications/progress' ? request.marks.progressToken : request.idSpan;
    if (own === null) return;
    pending.sink.related(this.#edited(message, [splice(span, request.textAt(own))]));
  }

  /**
   * A modern server that ends a subscription by itself says so with a cancellation; a legacy one takes back a question.
   */
  #withdrawn(message: Message): void {
    const { requestId } = message.marks;
    if (requestId === null) return;
    const written = message.textAt(requestId);
    for (const [ours, { link, id }] of this.#questions ?? []) {
      if (id !== written) continue;
      this.#questions?.delete(ours);
      return this.#toLatestOf(link, this.#edited(message, [splice(requestId, JSON.stringify(ours))]));
    }
    const id = message.scalarAt(requestId);
    if (typeof id !== 'number' || this.#crowd.serves !== 'requests') return;
    this.#failPending(id, new Failure('upstream_unavailable', `the server "${this.#name}" gave up the request`));
  }

  /** Nothing on stdio says which call it belongs to: the latest one is the best guess. */
  #toLatest(message: Message): void {
    const unasked =
      message.method?.endsWith('list_changed') === true || message.method === 'notifications/resources/updated';
    let latest: Pending | null = null;
    if (!unasked) for (const [, pending] of this.#pending.all()) if (pending.link !== null) latest = pending;
    if (latest === null) this.#onlyLink()?.listener.unsolicited(message);
    else latest.sink.related(message);
  }

  #toLatestOf(link: StdioLink, message: Message): void {
    let latest: Pending | null = null;
    for (const [, pending] of this.#pending.all()) if (pending.link === link) latest = pending;
    if (latest === null) link.listener.unsolicited(message);
    else latest.sink.related(message);
  }

  #onlyLink(): StdioLink | null {
    const [only] = this.#crowd.links;
    return this.#crowd.links.size === 1 && only !== undefined ? only : null;
  }

  #cancel(id: number, reason: string): Pending | null {
    const pending = this.#take(id);
    if (pending === null) return null;
    const params = { requestId: id, reason };
    this.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })));
    this.#crowd.freed(this);
    return pending;
  }

  #take(id: number): Pending | null {
    if (id === this.#watched) this.#watched = 0;
    return this.#pending.take(id);
  }

  /** What is no message is dropped, but a call that it seems to answer must not wait for another answer. */
  #unreadable(line: Buffer, error: MalformedMessage): void {
    const answers = error.kind === 'too_deep' || error.kind === 'not_json';
    const id = answers && line.includes('"2.0"') ? idNear(line) : null;
    if (id !== null) {
      const said = `the server "${this.#name}" sent something that is no message: ${error.message}`;
      this.#failPending(id, new Failure('upstream_invalid', said));
    }
    if (this.#sawGarbage) return;
    this.#sawGarbage = true;
    this.#deps.log.warn(
      { server: this.#name, process: this.#deps.process.id, why: error.message },
      'a server wrote something to stdout that is no message; such lines are dropped',
    );
  }

  #failPending(id: number, failure: Failure): void {
    const pending = this.#take(id);
    if (pending === null) return;
    pending.sink.fail(failure);
    this.#crowd.freed(this);
  }

  get #name(): string {
    return this.#deps.process.server.name;
  }

  #ended(why: string): void {
    const failure = new Failure('upstream_unavailable', why);
    const pending = this.#pending.all();
    for (const [id] of pending) this.#take(id);
    this.#questions = null;
    this.leaving = true;
    for (const [, { sink }] of pending) sink.fail(failure);
    this.#crowd.ended(this, failure);
  }

  #edited(message: Message, edits: readonly Edit[]): Message {
    return parseMessage(apply(message.raw, edits), { maxDepth: this.#deps.settings.maxDepth, check: 'structure' });
  }
}
