import type { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Call, CallSink, Link, Listener, ModernHeaders, Outbound } from './link.ts';
import type { StdioOpening } from './stdio-opening.ts';

/** The process that links share. */
export interface StdioHop {
  /**
   * `session`: one legacy conversation, which opens the process itself. `sessions`: several; then MCPVault opened it, and
   * answers their `initialize`. `requests`: modern ones, which need no opening.
   */
  readonly serves: 'session' | 'sessions' | 'requests';
  readonly opening: StdioOpening;
  call(link: StdioLink | null, request: Outbound, sink: CallSink): Call;
  /** Sends what wants no answer; a process that is gone or reads too slowly does not get it. */
  send(bytes: Buffer): void;
  unlink(link: StdioLink): void;
  /** True when another conversation on this process still wants updates of the resource. */
  subscribedElsewhere(uri: string, than: StdioLink): boolean;
}

/** One conversation's part in a server process. */
export class StdioLink implements Link {
  readonly #hop: StdioHop;
  readonly listener: Listener;
  readonly #onClose: () => void;
  /** URIs whose updates this conversation wants; null while it wants none. Only of processes that several share. */
  subscriptions: Set<string> | null = null;
  #closed = false;

  constructor(hop: StdioHop, listener: Listener, onClose: () => void) {
    this.#hop = hop;
    this.listener = listener;
    this.#onClose = onClose;
  }

  call(request: Outbound, _modern: ModernHeaders | null, sink: CallSink): Call {
    if (this.#hop.serves !== 'sessions') return this.#hop.call(this, request, sink);
    const { opening } = this.#hop;
    const { message } = request;
    if (opening.isOpen && message.method !== 'initialize') return this.#shared(request, sink);
    const late = new LateCall();
    opening.whenSettled((failure) => {
      if (late.cancelled) return;
      if (failure !== null) return queueMicrotask(() => sink.fail(failure));
      late.call =
        message.method === 'initialize'
          ? answerLater(message, opening.resultFor(message), sink)
          : this.#shared(request, sink);
    });
    return late;
  }

  tell({ message, edits }: Outbound, taken?: () => void): void {
    if (this.#hop.serves === 'session') this.#hop.send(apply(message.raw, edits));
    if (taken !== undefined) queueMicrotask(taken);
  }

  listen(ready?: () => void): void {
    ready?.();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const uri of this.subscriptions ?? []) {
      if (!this.#hop.subscribedElsewhere(uri, this)) this.#unsubscribe(uri);
    }
    this.#hop.unlink(this);
    this.#onClose();
  }

  /** The process has ended. */
  ended(failure: Failure): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.listener.lost(failure, this.#hop.serves === 'session' || this.subscriptions !== null);
  }

  /** What one conversation may not change for the others of a shared process is answered here. */
  #shared(request: Outbound, sink: CallSink): Call {
    const { message } = request;
    const uri = message.target;
    switch (message.method) {
      case 'logging/setLevel':
        return answerLater(message, '{}', sink);
      case 'resources/subscribe':
        if (uri !== null) (this.subscriptions ??= new Set()).add(uri);
        break;
      case 'resources/unsubscribe':
        if (uri === null) break;
        this.subscriptions?.delete(uri);
        if (this.#hop.subscribedElsewhere(uri, this)) return answerLater(message, '{}', sink);
        break;
      default:
        break;
    }
    return this.#hop.call(this, request, sink);
  }

  #unsubscribe(uri: string): void {
    const params = JSON.stringify({ uri });
    const raw = Buffer.from(`{"jsonrpc":"2.0","id":0,"method":"resources/unsubscribe","params":${params}}`);
    const message = parseMessage(raw, { maxDepth: 10, check: 'structure' });
    const sink = { related() {}, answer() {}, fail() {}, hasRoom: () => true, onRoom() {} };
    this.#hop.call(null, { message, edits: [] }, sink);
  }
}

/** A call that waits for its process to be opened. */
class LateCall implements Call {
  call: Call | null = null;
  cancelled = false;

  cancel(reason: string): void {
    this.cancelled = true;
    this.call?.cancel(reason);
  }
}

/** An answer that needs no server, in the next turn. */
function answerLater(request: Message, result: string, sink: CallSink): Call {
  let cancelled = false;
  const id = request.idSpan === null ? 'null' : request.textAt(request.idSpan);
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${result}}`);
  queueMicrotask(() => {
    if (!cancelled) sink.answer(parseMessage(raw, { maxDepth: 10_000, check: 'structure' }), 200);
  });
  return {
    cancel() {
      cancelled = true;
    },
  };
}
