// Many conversations over one server process. Every request gets an id of this hop, so that answers, progress and
// cancellation find back to their owner; what cannot be attributed to one conversation reaches none.
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { MalformedMessage, memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import { latestLegacy } from '@mcpvault/protocol/mcp/revision';
import type { GatewaySettings, Log } from '../ports.ts';
import type { Call, CallSink, Link, Listener, ModernHeaders, Outbound } from './link.ts';
import type { ServerProcess } from './process/server-process.ts';

export interface StdioMuxDeps {
  readonly process: ServerProcess;
  /** True when several conversations share the process: then MCPVault itself opened it, and answers `initialize`. */
  readonly shared: boolean;
  readonly log: Log;
  readonly settings: GatewaySettings;
}

interface Pending {
  readonly link: StdioLink | null;
  readonly request: Message;
  readonly sink: CallSink;
}

type Opening =
  | { state: 'not_opened' }
  | { state: 'opening'; waiting: (() => void)[] }
  | { state: 'open'; result: string }
  | { state: 'failed'; failure: Failure };

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId';

export class StdioMux {
  readonly #deps: StdioMuxDeps;
  readonly #pending = new Map<number, Pending>();
  readonly #links = new Set<StdioLink>();
  #nextId = 1;
  #opening: Opening = { state: 'not_opened' };
  #garbage = 0;

  constructor(deps: StdioMuxDeps) {
    this.#deps = deps;
    deps.process.onLine = (line) => this.#line(line);
    deps.process.onExit((exit) => this.#ended(new Failure('upstream_unavailable', exit.reason)));
  }

  get shared(): boolean {
    return this.#deps.shared;
  }

  link(listener: Listener, onClose: () => void): Link {
    const link = new StdioLink(this, listener, onClose);
    this.#links.add(link);
    return link;
  }

  unlink(link: StdioLink): void {
    this.#links.delete(link);
    for (const [id, pending] of this.#pending) {
      if (pending.link !== link) continue;
      this.#pending.delete(id);
      this.#notifyCancelled(id, 'the client ended its session');
    }
  }

  /** Sends a request under an id of this hop. */
  call(link: StdioLink | null, { message, edits }: Outbound, sink: CallSink): Call {
    const id = this.#nextId++;
    const hop: Edit[] = [];
    if (message.idSpan !== null) hop.push(splice(message.idSpan, String(id)));
    const token = message.params === null ? null : message.marks.progressToken;
    if (token !== null) hop.push(splice(token, String(id)));
    this.#pending.set(id, { link, request: message, sink });
    try {
      this.#deps.process.send([apply(message.raw, merge(edits, hop))]);
    } catch (error) {
      this.#pending.delete(id);
      const failure =
        error instanceof Failure ? error : new Failure('upstream_unavailable', 'the process does not take messages');
      queueMicrotask(() => sink.fail(failure));
    }
    return {
      cancel: (reason) => {
        if (this.#pending.delete(id)) this.#notifyCancelled(id, reason);
      },
    };
  }

  tell({ message, edits }: Outbound): void {
    this.send(apply(message.raw, edits));
  }

  send(bytes: Buffer): void {
    try {
      this.#deps.process.send([bytes]);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }

  /** Of a shared process: runs `ready` once MCPVault's own `initialize` was answered. */
  whenOpen(ready: (opening: { result: string } | { failure: Failure }) => void): void {
    const opening = this.#opening;
    if (opening.state === 'open') return ready(opening);
    if (opening.state === 'failed') return queueMicrotask(() => ready(opening));
    const again = (): void => this.whenOpen(ready);
    if (opening.state === 'opening') {
      opening.waiting.push(again);
      return;
    }
    this.#opening = { state: 'opening', waiting: [again] };
    const params = {
      protocolVersion: latestLegacy,
      capabilities: {},
      clientInfo: { name: 'mcpvault', version: '0.1.0' },
    };
    const raw = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }));
    const message = parseMessage(raw, { maxDepth: 10, check: 'structure' });
    this.call(
      null,
      { message, edits: [] },
      {
        related() {},
        hasRoom: () => true,
        onRoom() {},
        answer: (answer) => {
          if (answer.result === null) return this.#settle({ state: 'failed', failure: refusedOpening(answer) });
          this.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}'));
          this.#settle({ state: 'open', result: answer.textAt(answer.result) });
        },
        fail: (failure) => this.#settle({ state: 'failed', failure }),
      },
    );
  }

  /** True when another conversation on this process still wants updates of the resource. */
  subscribedElsewhere(uri: string, than: StdioLink): boolean {
    for (const link of this.#links) if (link !== than && link.subscriptions.has(uri)) return true;
    return false;
  }

  #settle(opening: Opening): void {
    const waiting = this.#opening.state === 'opening' ? this.#opening.waiting : [];
    this.#opening = opening;
    for (const ready of waiting) ready();
  }

  #line(line: Buffer): void {
    let message: Message;
    try {
      message = parseMessage(line, { maxDepth: this.#deps.settings.maxDepth, check: 'structure' });
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      return this.#noise(error);
    }
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
    const pending = typeof message.id === 'number' ? this.#pending.get(message.id) : undefined;
    if (pending === undefined || typeof message.id !== 'number') return;
    this.#pending.delete(message.id);
    const { request, sink } = pending;
    sink.answer(request.idSpan === null ? message : message.withId(request.textAt(request.idSpan)), 200);
  }

  #request(message: Message): void {
    const link = this.#deps.shared ? null : this.#only();
    if (link === null) {
      const id = message.idSpan === null ? 'null' : message.textAt(message.idSpan);
      if (message.method === 'ping') return this.send(Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{}}`));
      const text = 'this process is shared by several conversations, so that none of them can be asked';
      return this.send(Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":{"code":-32601,"message":"${text}"}}`));
    }
    this.#toLatest(link, message);
  }

  #notification(message: Message): void {
    if (message.method === 'notifications/progress') {
      const token = message.marks.progressToken;
      if (token !== null) this.#attributed(message, token);
      return;
    }
    const subscription = message.params === null ? null : this.#subscription(message);
    if (subscription !== null) return this.#attributed(message, subscription);
    if (!this.#deps.shared) {
      const link = this.#only();
      if (link !== null) this.#toLatest(link, message);
      return;
    }
    if (message.method === 'notifications/message') return;
    const uri = message.method === 'notifications/resources/updated' ? message.target : null;
    for (const link of this.#links) {
      if (uri === null || link.subscriptions.has(uri)) link.listener.unsolicited(message);
    }
  }

  #subscription(message: Message): Span | null {
    const { meta } = message.marks;
    if (meta === null || !message.text.includes(subscriptionKey, meta.start)) return null;
    return memberAt(message.text, meta, subscriptionKey);
  }

  /** A notification that carries one of our ids: it goes to that call, under the client's own id or token. */
  #attributed(message: Message, span: Span): void {
    const value = message.valueAt(span);
    const pending = this.#pending.get(typeof value === 'string' ? Number(value) : (value as number));
    if (pending === undefined) return;
    const { request } = pending;
    const own = message.method === 'notifications/progress' ? request.marks.progressToken : request.idSpan;
    if (own === null) return;
    const raw = apply(message.raw, [splice(span, request.textAt(own))]);
    pending.sink.related(parseMessage(raw, { maxDepth: this.#deps.settings.maxDepth, check: 'structure' }));
  }

  /** Nothing on stdio says which call it belongs to: the latest one of the conversation is the best guess. */
  #toLatest(link: StdioLink, message: Message): void {
    const unasked =
      message.method?.endsWith('list_changed') === true || message.method === 'notifications/resources/updated';
    let latest: Pending | null = null;
    if (!unasked) for (const pending of this.#pending.values()) if (pending.link === link) latest = pending;
    if (latest === null) link.listener.unsolicited(message);
    else latest.sink.related(message);
  }

  #only(): StdioLink | null {
    for (const link of this.#links) return link;
    return null;
  }

  #notifyCancelled(id: number, reason: string): void {
    const params = { requestId: id, reason };
    this.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })));
  }

  #noise(error: MalformedMessage): void {
    if (this.#garbage++ > 0) return;
    const { server, id } = this.#deps.process;
    this.#deps.log.warn(
      { server: server.name, process: id, why: error.message },
      'a server wrote something to stdout that is no message; such lines are dropped',
    );
  }

  #ended(failure: Failure): void {
    const pending = [...this.#pending.values()];
    const links = [...this.#links];
    this.#pending.clear();
    this.#links.clear();
    for (const { sink } of pending) sink.fail(failure);
    for (const link of links) link.listener.ended(failure);
  }
}

class StdioLink implements Link {
  readonly #mux: StdioMux;
  readonly listener: Listener;
  readonly subscriptions = new Set<string>();
  readonly #onClose: () => void;
  #closed = false;

  constructor(mux: StdioMux, listener: Listener, onClose: () => void) {
    this.#mux = mux;
    this.listener = listener;
    this.#onClose = onClose;
  }

  call(request: Outbound, modern: ModernHeaders | null, sink: CallSink): Call {
    if (!this.#mux.shared || modern !== null) return this.#mux.call(this, request, sink);
    const local = this.#answeredHere(request.message);
    if (local !== null) return later(request.message, local, sink);
    let call: Call | null = null;
    let cancelled: string | null = null;
    this.#mux.whenOpen((opening) => {
      if (cancelled !== null) return;
      if ('failure' in opening) return sink.fail(opening.failure);
      if (request.message.method === 'initialize') call = later(request.message, opening.result, sink);
      else call = this.#mux.call(this, request, sink);
    });
    return {
      cancel(reason) {
        cancelled = reason;
        call?.cancel(reason);
      },
    };
  }

  tell(message: Outbound): void {
    if (!this.#mux.shared) this.#mux.tell(message);
  }

  listen(): void {}

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#mux.unlink(this);
    this.#onClose();
  }

  /** What one conversation may not change for the others of a shared process. */
  #answeredHere(message: Message): string | null {
    switch (message.method) {
      case 'logging/setLevel':
        return '{}';
      case 'resources/subscribe':
        if (message.target !== null) this.subscriptions.add(message.target);
        return null;
      case 'resources/unsubscribe': {
        const uri = message.target;
        if (uri !== null) this.subscriptions.delete(uri);
        return uri !== null && this.#mux.subscribedElsewhere(uri, this) ? '{}' : null;
      }
      default:
        return null;
    }
  }
}

/** An answer that needs no server, in the next turn. */
function later(request: Message, result: string, sink: CallSink): Call {
  let cancelled = false;
  const id = request.idSpan === null ? 'null' : request.textAt(request.idSpan);
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${result}}`);
  queueMicrotask(() => {
    if (!cancelled) sink.answer(parseMessage(raw, { maxDepth: 1000, check: 'structure' }), 200);
  });
  return {
    cancel() {
      cancelled = true;
    },
  };
}

function refusedOpening(answer: Message): Failure {
  const error = answer.error === null ? null : (answer.valueAt(answer.error) as { message?: unknown });
  const said = typeof error?.message === 'string' ? `: ${error.message.slice(0, 300)}` : '';
  return new Failure('upstream_unavailable', `the server refused to be initialized${said}`);
}

function splice(span: Span, replacement: string): Edit {
  return { ...span, replacement, layer: 'hub', policy: null, reason: 'id of this hop', detector: null };
}

/** Ids of the hop win over what policies would change in the same place. */
function merge(edits: readonly Edit[], hop: readonly Edit[]): readonly Edit[] {
  if (edits.length === 0) return hop.length < 2 ? hop : hop.toSorted((a, b) => a.start - b.start);
  const rest = edits.filter((edit) => !hop.some((own) => edit.start < own.end && own.start < edit.end));
  return [...rest, ...hop].sort((a, b) => a.start - b.start);
}
