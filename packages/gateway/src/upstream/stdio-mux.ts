// Many conversations over one server process. Every request gets an id of this hop, so that answers, progress and
// cancellation find back to their owner; what cannot be attributed to one conversation reaches none.
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { combineEdits } from '@mcpvault/domain/redaction/combine-edits';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { MalformedMessage, memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import type { GatewaySettings, Log } from '../ports.ts';
import type { Call, CallSink, Link, Listener, Outbound } from './link.ts';
import { Pendings } from './pendings.ts';
import type { ServerProcess } from './process/server-process.ts';
import { type StdioHop, StdioLink } from './stdio-link.ts';
import { StdioOpening } from './stdio-opening.ts';

export interface StdioMuxDeps {
  readonly process: ServerProcess;
  readonly serves: StdioHop['serves'];
  /** All conversations are of one member: what belongs to no certain call may go to the latest one. */
  readonly oneMember: boolean;
  readonly log: Log;
  readonly settings: GatewaySettings;
}

interface Pending {
  readonly link: StdioLink | null;
  readonly request: Message;
  readonly sink: CallSink;
}

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId';

export class StdioMux implements StdioHop {
  readonly #deps: StdioMuxDeps;
  readonly #pending = new Pendings<Pending>();
  readonly #links = new Set<StdioLink>();
  readonly opening: StdioOpening;
  #sawGarbage = false;

  constructor(deps: StdioMuxDeps) {
    this.#deps = deps;
    this.opening = new StdioOpening(this, deps.process, deps.settings);
    deps.process.onLine = (line) => this.#line(line);
    deps.process.onExit((exit) =>
      this.#ended(`the process of the server "${deps.process.server.name}" ended: ${exit.reason}`),
    );
  }

  get serves(): StdioHop['serves'] {
    return this.#deps.serves;
  }

  /** Requests that were not answered yet. */
  get waiting(): number {
    return this.#pending.size;
  }

  link(listener: Listener, onClose: () => void): Link {
    const link = new StdioLink(this, listener, onClose);
    this.#links.add(link);
    return link;
  }

  unlink(link: StdioLink): void {
    this.#links.delete(link);
    for (const [id, pending] of this.#pending.all()) {
      if (pending.link === link) this.#cancel(id, 'the client ended its session');
    }
  }

  /** Sends a request under an id of this hop. */
  call(link: StdioLink | null, { message, edits }: Outbound, sink: CallSink): Call {
    const id = this.#pending.add({ link, request: message, sink });
    try {
      this.#deps.process.send(underId(message, edits, String(id)));
    } catch (error) {
      this.#pending.take(id);
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

  subscribedElsewhere(uri: string, than: StdioLink): boolean {
    for (const link of this.#links) if (link !== than && link.subscriptions?.has(uri) === true) return true;
    return false;
  }

  #line(line: Buffer): void {
    try {
      this.#take(parseMessage(line, { maxDepth: this.#deps.settings.maxDepth, check: 'structure' }));
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#unreadable(line, error);
    }
  }

  #take(message: Message): void {
    switch (message.kind) {
      case 'result':
      case 'error':
        return this.#answer(message);
      case 'request':
        return this.#request(message);
      case 'notification':
        return this.#notification(message);
    }
  }

  #answer(message: Message): void {
    const id = message.id ?? this.#onlyPending();
    const pending = typeof id === 'number' ? this.#pending.take(id) : null;
    if (pending === null) return;
    const { idSpan } = pending.request;
    pending.sink.answer(idSpan === null ? message : message.withId(pending.request.textAt(idSpan)), 200);
  }

  /** An error without an id answers a request that the server could not read: the only one, if there is only one. */
  #onlyPending(): number | null {
    if (this.#pending.size !== 1) return null;
    const [only] = this.#pending.all();
    return only?.[0] ?? null;
  }

  #request(message: Message): void {
    const link = this.#deps.serves === 'session' ? this.#onlyLink() : null;
    if (link !== null) return this.#toLatest(message);
    const id = message.idSpan === null ? 'null' : message.textAt(message.idSpan);
    if (message.method === 'ping') return this.send(Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{}}`));
    const text = 'this process serves several conversations, so that none of them can be asked';
    this.send(Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":{"code":-32601,"message":"${text}"}}`));
  }

  #notification(message: Message): void {
    const { method, marks } = message;
    if (method === 'notifications/progress') {
      if (marks.progressToken !== null) this.#attributed(message, marks.progressToken);
      return;
    }
    const subscription = marks.meta === null ? null : memberAt(message.text, marks.meta, subscriptionKey);
    if (subscription !== null) return this.#attributed(message, subscription);
    if (method === 'notifications/cancelled' && this.#deps.serves === 'requests') return this.#withdrawn(message);
    if (this.#deps.serves === 'session') return this.#toLatest(message);
    if (method === 'notifications/message') {
      if (this.#deps.oneMember) this.#toLatest(message);
      return;
    }
    const uri = method === 'notifications/resources/updated' ? message.target : null;
    for (const link of this.#links) {
      if (uri === null || link.subscriptions?.has(uri) === true) link.listener.unsolicited(message);
    }
  }

  /** A notification that carries one of our ids: it goes to that call, under the client's own id or token. */
  #attributed(message: Message, span: Span): void {
    const value = message.valueAt(span);
    const pending = this.#pending.get(Number(value));
    if (pending === null) return;
    const { request } = pending;
    const own = message.method === 'notifications/progress' ? request.marks.progressToken : request.idSpan;
    if (own === null) return;
    const raw = apply(message.raw, [splice(span, request.textAt(own))]);
    pending.sink.related(parseMessage(raw, { maxDepth: this.#deps.settings.maxDepth, check: 'structure' }));
  }

  /** A modern server that ends a subscription by itself says so with a cancellation. */
  #withdrawn(message: Message): void {
    const { requestId } = message.marks;
    const id = requestId === null ? null : message.valueAt(requestId);
    if (typeof id !== 'number') return;
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

  #onlyLink(): StdioLink | null {
    const [only] = this.#links;
    return this.#links.size === 1 && only !== undefined ? only : null;
  }

  #cancel(id: number, reason: string): void {
    if (this.#pending.take(id) === null) return;
    const params = { requestId: id, reason };
    this.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })));
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
    const pending = this.#pending.take(id);
    if (pending === null) return;
    pending.sink.fail(failure);
  }

  get #name(): string {
    return this.#deps.process.server.name;
  }

  #ended(why: string): void {
    const pending = this.#pending.all();
    const links = [...this.#links];
    for (const [id] of pending) this.#pending.take(id);
    this.#links.clear();
    for (const [, { sink }] of pending) sink.fail(new Failure('upstream_unavailable', why));
    for (const link of links) link.ended(new Failure('upstream_unavailable', why));
  }
}

/** The parts of a request as it goes out under an id of this hop, which also stands in for its progress token. */
function underId(message: Message, edits: readonly Edit[], id: string): readonly Buffer[] {
  const { raw, idSpan, marks } = message;
  const token = marks.progressToken;
  if (edits.length > 0 || token !== null || idSpan === null) {
    const hop = [idSpan, token].filter((span) => span !== null).map((span) => splice(span, id));
    return [apply(raw, combineEdits([...hop, ...edits]))];
  }
  return [raw.subarray(0, idSpan.start), Buffer.from(id, 'latin1'), raw.subarray(idSpan.end)];
}

function splice(span: Span, replacement: string): Edit {
  return { ...span, replacement, layer: 'hub', policy: null, reason: 'id of this hop', detector: null };
}

/** The id in a line that cannot be read as a message, if it stands at one of its ends as ids do. */
function idNear(line: Buffer): number | null {
  const ends = [line.toString('latin1', 0, 200), line.toString('latin1', Math.max(0, line.length - 100))];
  for (const end of ends) {
    const match = /"id"\s*:\s*(\d{1,15})\s*[,}]/.exec(end);
    if (match !== null) return Number(match[1]);
  }
  return null;
}
