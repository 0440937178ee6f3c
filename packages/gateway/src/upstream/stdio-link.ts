import type { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { answerLater } from './answer-later.ts';
import type { Call, CallSink, Link, Listener, ModernHeaders, Outbound } from './link.ts';
import type { SessionContext } from './session-context.ts';

/** The processes that links share. */
export interface StdioHop {
  /**
   * `session`: one legacy conversation, which opens the process itself. `sessions`: several; then MCPVault opened it, and
   * answers their `initialize`. `requests`: modern ones, which need no opening.
   */
  readonly serves: 'session' | 'sessions' | 'requests';
  call(link: StdioLink, request: Outbound, sink: CallSink): Call;
  /** Answers a conversation's own `initialize` once a process is open. */
  greet(link: StdioLink, request: Message, sink: CallSink): Call;
  subscribe(link: StdioLink, request: Outbound, uri: string, sink: CallSink): Call;
  unsubscribe(link: StdioLink, request: Outbound, uri: string, sink: CallSink): Call;
  /** Sends what wants no answer; a process that is gone or reads too slowly does not get it. */
  tell(link: StdioLink, bytes: Buffer): void;
  /** Passes on a client's answer to a question that a process asked it. */
  answer(link: StdioLink, answer: Outbound): void;
  unlink(link: StdioLink): void;
}

/** Whose link it is. */
export interface LinkOwner {
  readonly organization: string;
  readonly member: string;
  readonly conversation: string;
}

/** One conversation's part in the processes of a server. */
export class StdioLink implements Link {
  readonly #hop: StdioHop;
  readonly listener: Listener;
  readonly owner: LinkOwner;
  readonly #onClose: () => void;
  /** URIs whose updates this conversation wants; null while it wants none. Only of processes that several share. */
  subscriptions: Set<string> | null = null;
  /** What the client said of itself in its `initialize`, for the session context. */
  greeting: Readonly<Record<string, unknown>> = {};
  #context: string | null = null;
  #closed = false;

  constructor(hop: StdioHop, listener: Listener, owner: LinkOwner, onClose: () => void) {
    this.#hop = hop;
    this.listener = listener;
    this.owner = owner;
    this.#onClose = onClose;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The session context as JSON text. */
  get context(): string {
    if (this.#context === null) {
      const { organization, member, conversation } = this.owner;
      const context: SessionContext = { organization, member, session: conversation, context: this.greeting };
      this.#context = JSON.stringify(context);
    }
    return this.#context;
  }

  call(request: Outbound, _modern: ModernHeaders | null, sink: CallSink): Call {
    const { message } = request;
    if (message.method === 'initialize') this.#greeted(message);
    if (this.#hop.serves !== 'sessions') return this.#hop.call(this, request, sink);
    // What one conversation may not change for the others is answered here.
    switch (message.method) {
      case 'initialize':
        return this.#hop.greet(this, message, sink);
      case 'logging/setLevel':
        return answerLater(message, '{}', sink);
      case 'resources/subscribe':
        if (message.target === null) break;
        return this.#hop.subscribe(this, request, message.target, sink);
      case 'resources/unsubscribe':
        if (message.target === null) break;
        return this.#hop.unsubscribe(this, request, message.target, sink);
      default:
        break;
    }
    return this.#hop.call(this, request, sink);
  }

  tell(outbound: Outbound, taken?: () => void): void {
    const { message, edits } = outbound;
    if (this.#hop.serves === 'session') this.#hop.tell(this, apply(message.raw, edits));
    else if (message.kind === 'result' || message.kind === 'error') this.#hop.answer(this, outbound);
    if (taken !== undefined) queueMicrotask(taken);
  }

  listen(ready?: () => void): void {
    ready?.();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#hop.unlink(this);
    this.#onClose();
  }

  /** It is of no use any more; `forgotten` as of `Listener.lost`. */
  lose(failure: Failure, forgotten: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.listener.lost(failure, forgotten);
  }

  #greeted(message: Message): void {
    const params = message.json['params'] as Readonly<Record<string, unknown>> | undefined;
    const { clientInfo: client, capabilities } = params ?? {};
    this.greeting = { client, capabilities };
    this.#context = null;
  }
}
