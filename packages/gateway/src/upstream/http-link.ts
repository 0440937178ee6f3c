// A conversation with a server over Streamable HTTP. Ids and bytes pass unchanged; headers are made anew on this hop, and
// no credential of the caller is among them.
import { apply } from '@mcpvault/domain/redaction/apply';
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { SseParser } from '@mcpvault/protocol/transport/sse';
import type { Dispatcher } from 'undici';
import { type HeldStream, holdStream } from './held-stream.ts';
import { type HttpConversation, HttpExchange } from './http-exchange.ts';
import type { HttpTarget } from './http-target.ts';
import type { Call, CallSink, Link, Listener, ModernHeaders, Outbound } from './link.ts';
import { modernHeaders } from './modern-request-headers.ts';
import { protocolOf } from './protocol-of.ts';

const accept = 'application/json, text/event-stream';
/** Milliseconds before a stream that the server closed is opened again, unless the server asked for another time. */
const listenAgainAfter = 2_000;
/** Milliseconds after which a stream that the server has not answered counts as open. */
const readyPatience = 1_000;

export class HttpLink implements Link, HttpConversation {
  readonly #target: HttpTarget;
  readonly #listener: Listener;
  readonly #onClose: () => void;
  #session: string | null = null;
  #protocol: string | null = null;
  #stream: ListeningStream | null = null;
  #closed = false;

  constructor(target: HttpTarget, listener: Listener, onClose: () => void) {
    this.#target = target;
    this.#listener = listener;
    this.#onClose = onClose;
  }

  call(request: Outbound, modern: ModernHeaders | null, sink: CallSink): Call {
    const body = apply(request.message.raw, request.edits);
    const headers = this.#posting();
    if (modern === null) this.#pushConversation(headers);
    else headers.push(...modernHeaders(request, modern));
    const exchange = new HttpExchange(this, this.#target, request.message, sink, modern === null);
    this.#dispatch('POST', headers, body, exchange);
    return exchange;
  }

  tell({ message, edits }: Outbound, taken?: () => void): void {
    this.#post(apply(message.raw, edits), taken);
  }

  listen(ready?: () => void): void {
    if (this.#stream !== null || this.#closed) return ready?.();
    this.#stream = new ListeningStream(this, this.#target, this.#listener, ready ?? null);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stream?.close();
    if (this.#session !== null) {
      const headers = [...this.#target.headers];
      this.#pushConversation(headers);
      this.#dispatch('DELETE', headers, null, new Ignored());
    }
    this.#onClose();
  }

  get closed(): boolean {
    return this.#closed;
  }

  get hasSession(): boolean {
    return this.#session !== null;
  }

  settle(session: string | null, answer: Message | null): void {
    if (session !== null) this.#session = session;
    if (answer !== null) this.#protocol = protocolOf(answer);
  }

  resume(lastEventId: string, exchange: HttpExchange): void {
    this.#dispatch('GET', this.listening(lastEventId), null, exchange);
  }

  /** The headers of a GET for a stream. */
  listening(lastEventId: string | null): string[] {
    const headers = [...this.#target.headers, 'accept', 'text/event-stream'];
    if (lastEventId !== null) headers.push('last-event-id', lastEventId);
    this.#pushConversation(headers);
    return headers;
  }

  tellCancelled(request: Message, reason: string): void {
    if (request.idSpan === null || this.#closed) return;
    const params = `{"requestId":${request.textAt(request.idSpan)},"reason":${JSON.stringify(reason)}}`;
    this.#post(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`));
  }

  #post(body: Buffer, taken?: () => void): void {
    const headers = this.#posting();
    this.#pushConversation(headers);
    this.#dispatch('POST', headers, body, new Ignored(taken));
  }

  #posting(): string[] {
    return [...this.#target.headers, 'content-type', 'application/json', 'accept', accept];
  }

  #pushConversation(headers: string[]): void {
    if (this.#session !== null) headers.push('mcp-session-id', this.#session);
    if (this.#protocol !== null) headers.push('mcp-protocol-version', this.#protocol);
  }

  #dispatch(
    method: 'GET' | 'POST' | 'DELETE',
    headers: string[],
    body: Buffer | null,
    handler: Dispatcher.DispatchHandler,
  ): void {
    const { pools, origin, path, settings } = this.#target;
    pools
      .of(origin)
      .dispatch({ path, method, headers, body, headersTimeout: settings.callTimeout, bodyTimeout: 0 }, handler);
  }
}

/** The stream that a legacy server writes to unasked. Servers need not offer one, so that its absence is no failure. */
class ListeningStream {
  readonly #link: HttpLink;
  readonly #target: HttpTarget;
  readonly #listener: Listener;
  #held: HeldStream | null = null;
  #parser: SseParser | null = null;
  #lastEventId: string | null = null;
  #again: number | null = null;
  #ready: (() => void) | null;

  constructor(link: HttpLink, target: HttpTarget, listener: Listener, ready: (() => void) | null) {
    this.#link = link;
    this.#target = target;
    this.#listener = listener;
    this.#ready = ready;
    // Some servers answer only with their first event.
    if (ready !== null) setTimeout(() => this.#isReady(), readyPatience).unref();
    this.#open();
  }

  close(): void {
    this.#held?.close();
  }

  status(code: number, contentType: string): void {
    this.#isReady();
    if (code === 200 && contentType === 'text/event-stream') this.#again ??= listenAgainAfter;
    else {
      this.#again = null;
      this.close();
    }
  }

  data(chunk: Buffer): void {
    this.#parser ??= new SseParser((event) => {
      if (event.id !== null) this.#lastEventId = event.id;
      if (event.retry !== null) this.#again = Math.min(Math.max(event.retry, 100), 60_000);
      if (event.data.length > 0) this.#message(event.data);
    }, this.#target.settings.maxMessageBytes);
    try {
      this.#parser.push(chunk);
    } catch (error) {
      this.#warn(error);
      this.close();
      this.ended();
    }
  }

  /** Servers may close it at will: it is opened again after a while, where it was left. */
  ended(): void {
    this.#isReady();
    this.#parser = null;
    if (this.#link.closed || this.#again === null) return;
    setTimeout(() => {
      if (!this.#link.closed) this.#open();
    }, this.#again).unref();
  }

  #isReady(): void {
    const ready = this.#ready;
    this.#ready = null;
    ready?.();
  }

  #open(): void {
    const { settings } = this.#target;
    this.#held = holdStream(this.#target, this.#link.listening(this.#lastEventId), settings.connectTimeout, this);
  }

  #message(data: Buffer): void {
    try {
      const message = parseMessage(data, { maxDepth: this.#target.settings.maxDepth, check: 'structure' });
      if (message.kind === 'request' || message.kind === 'notification') this.#listener.unsolicited(message);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#warn(error);
    }
  }

  #warn(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#target.log.warn({ server: this.#target.server, why }, 'a server sent something unreadable on its stream');
  }
}

/** For messages that have no answer: whatever comes back says only that they arrived. */
class Ignored implements Dispatcher.DispatchHandler {
  readonly #taken: (() => void) | undefined;

  constructor(taken?: () => void) {
    this.#taken = taken;
  }

  onRequestStart(): void {}
  onResponseStart(): void {}
  onResponseData(): void {}

  onResponseEnd(): void {
    this.#taken?.();
  }

  onResponseError(): void {
    this.#taken?.();
  }
}
