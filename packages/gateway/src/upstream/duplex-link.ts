// A conversation with a server over a connection of its own on which both sides speak as they like. Requests get ids of
// this hop, so that an answer that comes too late finds nobody.
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { combineEdits } from '@mcpvault/domain/redaction/combine-edits';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { MalformedMessage, memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import type { GatewaySettings, Log } from '../ports.ts';
import type { Traffic } from './http-target.ts';
import type { Call, CallSink, Link, Listener, ModernHeaders, Outbound } from './link.ts';
import type { Pendings } from './pendings.ts';
import type { Wire, WireEvents } from './wire.ts';

export interface DuplexLinkDeps {
  /** The server's name, for messages to people. */
  readonly server: string;
  readonly listener: Listener;
  readonly log: Log;
  readonly settings: GatewaySettings;
  readonly traffic: Traffic;
  /** Of the wire: where it serves one link after the other, an answer that comes too late must find nobody either. */
  readonly pendings: Pendings<Pending>;
  open(events: WireEvents): Wire;
  onClose(): void;
}

/** A request that waits for its answer. */
export interface Pending {
  readonly request: Message;
  readonly sink: CallSink;
}

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId';

export class DuplexLink implements Link, WireEvents {
  readonly #deps: DuplexLinkDeps;
  readonly #wire: Wire;
  readonly #pending: Pendings<Pending>;
  #closed = false;
  #sawGarbage = false;

  constructor(deps: DuplexLinkDeps) {
    this.#deps = deps;
    this.#pending = deps.pendings;
    this.#wire = deps.open(this);
  }

  call({ message, edits }: Outbound, _modern: ModernHeaders | null, sink: CallSink): Call {
    const id = this.#pending.add({ request: message, sink });
    this.#deps.traffic.waiting++;
    const bytes = apply(message.raw, combineEdits([...hopIds(message, String(id)), ...edits]));
    this.#wire.send(bytes, ignore, (failure) => this.#take(id)?.sink.fail(failure));
    return { cancel: (reason) => this.#cancel(id, reason) };
  }

  tell({ message, edits }: Outbound, taken: () => void = ignore): void {
    this.#wire.send(apply(message.raw, edits), taken, taken);
  }

  listen(ready?: () => void): void {
    ready?.();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const [id] of this.#pending.all()) this.#cancel(id, 'the client ended its session');
    this.#wire.close();
    this.#deps.onClose();
  }

  lost(failure: Failure): void {
    if (this.#closed) return;
    this.#closed = true;
    const pending = this.#pending.all();
    for (const [id] of pending) this.#take(id);
    for (const [, { sink }] of pending) sink.fail(failure);
    this.#deps.onClose();
    this.#deps.listener.lost(failure, true);
  }

  message(bytes: Buffer): void {
    if (this.#closed) return;
    try {
      this.#dispatch(parseMessage(bytes, { maxDepth: this.#deps.settings.maxDepth, check: 'structure' }));
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#unreadable(bytes, error);
    }
  }

  #dispatch(message: Message): void {
    switch (message.kind) {
      case 'result':
      case 'error':
        return this.#answer(message);
      case 'request':
        return this.#toLatest(message);
      case 'notification':
        return this.#notification(message);
    }
  }

  #answer(message: Message): void {
    const all = message.id === null ? this.#pending.all() : [];
    // An error without an id answers a request that the server could not read: the only one, if there is only one.
    const id = message.id ?? (all.length === 1 ? (all[0]?.[0] ?? null) : null);
    const pending = typeof id === 'number' ? this.#take(id) : null;
    if (pending === null) return;
    const { idSpan } = pending.request;
    pending.sink.answer(idSpan === null ? message : message.withId(pending.request.textAt(idSpan)), 200);
    this.#keepPace(pending.sink);
  }

  #notification(message: Message): void {
    const { method, marks } = message;
    if (method === 'notifications/progress') {
      if (marks.progressToken !== null) this.#attributed(message, marks.progressToken);
      return;
    }
    const subscription = marks.meta === null ? null : memberAt(message.text, marks.meta, subscriptionKey);
    if (subscription !== null) return this.#attributed(message, subscription);
    this.#toLatest(message);
  }

  /** A notification that carries one of our ids: it goes to that call, under the client's own id or token. */
  #attributed(message: Message, span: Span): void {
    const pending = this.#pending.get(Number(message.scalarAt(span)));
    if (pending === null) return;
    const { request } = pending;
    const own = message.method === 'notifications/progress' ? request.marks.progressToken : request.idSpan;
    if (own === null) return;
    const raw = apply(message.raw, [splice(span, request.textAt(own))]);
    pending.sink.related(parseMessage(raw, { maxDepth: this.#deps.settings.maxDepth, check: 'structure' }));
    this.#keepPace(pending.sink);
  }

  /** Nothing says which call it belongs to: the latest one is the best guess, and all are the same client's. */
  #toLatest(message: Message): void {
    const unasked =
      message.method?.endsWith('list_changed') === true || message.method === 'notifications/resources/updated';
    const latest = unasked ? undefined : this.#pending.all().at(-1)?.[1];
    if (latest === undefined) return this.#deps.listener.unsolicited(message);
    latest.sink.related(message);
    this.#keepPace(latest.sink);
  }

  #keepPace(sink: CallSink): void {
    if (sink.hasRoom()) return;
    this.#wire.pause();
    sink.onRoom(() => this.#wire.resume());
  }

  #cancel(id: number, reason: string): void {
    const pending = this.#take(id);
    if (pending === null || pending.request.method === 'initialize') return;
    const params = { requestId: id, reason };
    const said = Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
    this.#wire.send(said, ignore, ignore);
  }

  /** What is no message is dropped, but a call that it seems to answer must not wait for another answer. */
  #unreadable(bytes: Buffer, error: MalformedMessage): void {
    const { server, log } = this.#deps;
    const said = `the server "${server}" sent something that is no message: ${error.message}`;
    const id = idNear(bytes);
    if (id !== null) this.#take(id)?.sink.fail(new Failure('upstream_invalid', said));
    if (this.#sawGarbage) return;
    this.#sawGarbage = true;
    log.warn({ server, why: error.message }, 'a server sent something that is no message; such things are dropped');
  }

  #take(id: number): Pending | null {
    const pending = this.#pending.take(id);
    if (pending !== null) this.#deps.traffic.waiting--;
    return pending;
  }
}

/** The edits that put an id of this hop in the place of the request's own, and of its progress token. */
function hopIds({ idSpan, marks }: Message, id: string): readonly Edit[] {
  return [idSpan, marks.progressToken].filter((span) => span !== null).map((span) => splice(span, id));
}

function splice(span: Span, replacement: string): Edit {
  const { start, end } = span;
  return { start, end, replacement, layer: 'hub', policy: null, reason: 'id of this hop', detector: null };
}

/** The id in something that cannot be read as a message, if it stands at one of its ends as ids do. */
function idNear(bytes: Buffer): number | null {
  const ends = [bytes.toString('latin1', 0, 200), bytes.toString('latin1', Math.max(0, bytes.length - 100))];
  for (const end of ends) {
    const match = /"id"\s*:\s*(\d{1,15})\s*[,}]/.exec(end);
    if (match !== null) return Number(match[1]);
  }
  return null;
}

function ignore(): void {}
