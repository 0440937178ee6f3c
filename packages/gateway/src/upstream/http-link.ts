// A conversation with a server over Streamable HTTP. Ids and bytes pass unchanged; headers are made anew on this hop, and
// no credential of the caller is among them. A stream that breaks before its answer is taken up again where the server
// marked it.
import type { Transport } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { SseParser, SseTooLarge } from '@mcpvault/protocol/transport/sse';
import type { Dispatcher } from 'undici';
import type { GatewaySettings, Log } from '../ports.ts';
import { encodeHeaderValue } from '../downstream/modern-headers.ts';
import type { HttpPools } from './http-pools.ts';
import type { Call, CallSink, Link, Listener, ModernHeaders, Outbound } from './link.ts';

type HttpTransport = Extract<Transport, { type: 'streamable-http' }>;

export interface HttpLinkDeps {
  readonly pools: HttpPools;
  readonly log: Log;
  readonly settings: GatewaySettings;
  readonly server: string;
  readonly transport: HttpTransport;
  readonly listener: Listener;
}

const accept = 'application/json, text/event-stream';
/** How often a broken stream is taken up again before its call fails. */
const mostResumes = 5;

export function createHttpLink(deps: HttpLinkDeps): Link {
  return new HttpLink(deps);
}

class HttpLink implements Link {
  readonly #deps: HttpLinkDeps;
  readonly #origin: string;
  readonly #path: string;
  readonly #fixed: string[];
  #session: string | null = null;
  #protocol: string | null = null;
  #listening: Dispatcher.DispatchController | 'opening' | null = null;
  #closed = false;

  constructor(deps: HttpLinkDeps) {
    this.#deps = deps;
    const url = new URL(deps.transport.url);
    this.#origin = url.origin;
    this.#path = `${url.pathname}${url.search}`;
    this.#fixed = Object.entries(deps.transport.headers).flat();
  }

  call(request: Outbound, modern: ModernHeaders | null, sink: CallSink): Call {
    const body = apply(request.message.raw, request.edits);
    const exchange = new HttpExchange(this, request.message, sink, this.#deps);
    this.#dispatch('POST', this.#headers(request, modern), body, exchange);
    const legacy = modern === null;
    return {
      cancel: (reason) => {
        exchange.abandon();
        if (legacy && request.message.method !== 'initialize') this.#sendCancelled(request.message, reason);
      },
    };
  }

  tell(message: Outbound): void {
    this.#post(apply(message.message.raw, message.edits));
  }

  listen(): void {
    if (this.#listening !== null || this.#closed) return;
    this.#listening = 'opening';
    const headers = [...this.#fixed, 'accept', 'text/event-stream', ...this.#conversation()];
    this.#dispatch('GET', headers, null, new UnsolicitedStream(this, this.#deps), true);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (typeof this.#listening === 'object') this.#listening?.abort(new Error('closed'));
    if (this.#session !== null) {
      this.#dispatch('DELETE', [...this.#fixed, ...this.#conversation()], null, ignoreAnswer);
    }
  }

  /** What the answer to `initialize` settles for the rest of the conversation. */
  settle(session: string | null, protocol: string | null): void {
    if (session !== null) this.#session = session;
    if (protocol !== null) this.#protocol = protocol;
  }

  listensOn(controller: Dispatcher.DispatchController | null): void {
    this.#listening = controller;
    if (this.#closed) controller?.abort(new Error('closed'));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Takes up a broken stream after the last event that was seen of it. */
  resume(lastEventId: string, exchange: HttpExchange): void {
    const headers = [
      ...this.#fixed,
      'accept',
      'text/event-stream',
      'last-event-id',
      lastEventId,
      ...this.#conversation(),
    ];
    this.#dispatch('GET', headers, null, exchange, true);
  }

  #headers(request: Outbound, modern: ModernHeaders | null): string[] {
    const headers = [...this.#fixed, 'content-type', 'application/json', 'accept', accept];
    if (modern === null) {
      headers.push(...this.#conversation());
      return headers;
    }
    headers.push('mcp-protocol-version', modern.version, 'mcp-method', request.message.method ?? '');
    const name = nameFor(request);
    if (name !== null) headers.push('mcp-name', encodeHeaderValue(name));
    for (const [param, value] of Object.entries(modern.params)) headers.push(param, value);
    return headers;
  }

  #conversation(): string[] {
    const headers: string[] = [];
    if (this.#session !== null) headers.push('mcp-session-id', this.#session);
    if (this.#protocol !== null) headers.push('mcp-protocol-version', this.#protocol);
    return headers;
  }

  #post(body: Buffer): void {
    const headers = [...this.#fixed, 'content-type', 'application/json', 'accept', accept, ...this.#conversation()];
    this.#dispatch('POST', headers, body, ignoreAnswer);
  }

  #sendCancelled(request: Message, reason: string): void {
    if (request.idSpan === null) return;
    const params = `{"requestId":${request.textAt(request.idSpan)},"reason":${JSON.stringify(reason)}}`;
    this.#post(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`));
  }

  #dispatch(
    method: 'GET' | 'POST' | 'DELETE',
    headers: string[],
    body: Buffer | null,
    handler: Dispatcher.DispatchHandler,
    quiet = false,
  ): void {
    const { pools, settings } = this.#deps;
    pools
      .of(this.#origin, quiet)
      .dispatch(
        { path: this.#path, method, headers, body, headersTimeout: settings.callTimeout, bodyTimeout: 0 },
        handler,
      );
  }
}

function nameFor({ message, edits }: Outbound): string | null {
  const target = message.marks.target;
  if (target === null) return null;
  const edit = edits.find((each) => each.start === target.start && each.end === target.end);
  return edit === undefined ? message.target : (JSON.parse(edit.replacement) as string);
}

/** One request and what comes back for it: a JSON answer, or a stream that ends with one. */
class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #link: HttpLink;
  readonly #request: Message;
  readonly #sink: CallSink;
  readonly #deps: HttpLinkDeps;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #parts: Buffer[] = [];
  #bytes = 0;
  #stream: SseParser | null = null;
  #lastEventId: string | null = null;
  #retry = 1000;
  #resumes = 0;
  #done = false;

  constructor(link: HttpLink, request: Message, sink: CallSink, deps: HttpLinkDeps) {
    this.#link = link;
    this.#request = request;
    this.#sink = sink;
    this.#deps = deps;
  }

  abandon(): void {
    this.#done = true;
    this.#controller?.abort(new Error('abandoned'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#done) controller.abort(new Error('abandoned'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    if (this.#request.method === 'initialize') this.#link.settle(one(headers['mcp-session-id']), null);
    const type = one(headers['content-type'])?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (status === 200 && type === 'text/event-stream') {
      this.#stream = new SseParser((event) => this.#event(event), this.#deps.settings.maxMessageBytes);
    } else if (status < 300 && type !== 'application/json' && status !== 202) {
      this.#fail(
        'upstream_invalid',
        `answered with content type "${type.slice(0, 100)}" instead of JSON or an event stream`,
      );
    } else if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
      this.#fail('upstream_invalid', 'answered compressed though nobody asked for it');
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#done) return;
    if (this.#stream !== null) {
      this.#feed(this.#stream, chunk);
      if (!this.#done && !this.#sink.hasRoom()) {
        controller.pause();
        this.#sink.onRoom(() => controller.resume());
      }
      return;
    }
    this.#bytes += chunk.length;
    if (this.#bytes > this.#deps.settings.maxMessageBytes) return this.#tooLarge();
    this.#parts.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#done) return;
    if (this.#stream !== null) return this.#resumeOrFail('ended its stream without an answer');
    const [only] = this.#parts;
    this.#whole(this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: string }): void {
    if (this.#done) return;
    if (this.#stream !== null) return this.#resumeOrFail('broke off its stream');
    const timeout = error.code === 'UND_ERR_HEADERS_TIMEOUT';
    if (timeout) this.#fail('upstream_timeout', 'did not answer in time');
    else this.#fail('upstream_unavailable', `could not be reached (${error.code ?? error.name})`);
  }

  #feed(stream: SseParser, chunk: Buffer): void {
    try {
      stream.push(chunk);
    } catch (error) {
      if (!(error instanceof SseTooLarge)) throw error;
      this.#tooLarge();
    }
  }

  #event(event: { id: string | null; data: Buffer; retry: number | null }): void {
    if (this.#done) return;
    if (event.id !== null) this.#lastEventId = event.id;
    if (event.retry !== null) this.#retry = Math.min(event.retry, 30_000);
    if (event.data.length === 0) return;
    const message = this.#read(event.data);
    if (message === null) return;
    if (message.kind === 'request' || message.kind === 'notification') this.#sink.related(message);
    else this.#answer(message);
  }

  #whole(body: Buffer): void {
    if (this.#status === 404 && this.#request.method !== 'initialize' && !looksLikeRpc(body)) {
      return this.#fail('session_not_found', 'has forgotten this session');
    }
    if (this.#status === 401 || this.#status === 403) {
      return this.#fail(
        'upstream_unavailable',
        `refused MCPVault's credentials (HTTP ${this.#status}); an admin should check the headers of this server`,
      );
    }
    if (this.#status >= 500) return this.#fail('upstream_unavailable', `answered with HTTP ${this.#status}`);
    if (this.#status >= 300 && !looksLikeRpc(body)) {
      return this.#fail('upstream_invalid', `answered with HTTP ${this.#status}`);
    }
    const message = this.#read(body);
    if (message !== null) this.#answer(message);
  }

  #read(bytes: Buffer): Message | null {
    try {
      return parseMessage(bytes, { maxDepth: this.#deps.settings.maxDepth, check: 'structure' });
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#fail('upstream_invalid', `sent something that is no message: ${error.message}`);
      return null;
    }
  }

  #answer(message: Message): void {
    if (message.kind === 'request' || message.kind === 'notification') {
      return this.#fail('upstream_invalid', 'answered with a request');
    }
    if (message.id !== this.#request.id && !(message.kind === 'error' && message.id === null)) {
      return this.#fail('upstream_invalid', 'answered under the id of another request');
    }
    this.#done = true;
    if (this.#request.method === 'initialize' && message.kind === 'result')
      this.#link.settle(null, protocolOf(message));
    this.#sink.answer(message, this.#stream === null ? this.#status : 200);
  }

  #resumeOrFail(what: string): void {
    if (this.#lastEventId === null || this.#link.closed || this.#resumes++ >= mostResumes) {
      return this.#fail('upstream_unavailable', what);
    }
    const lastEventId = this.#lastEventId;
    setTimeout(() => {
      if (!this.#done) this.#link.resume(lastEventId, this);
    }, this.#retry);
  }

  #tooLarge(): void {
    this.#fail('upstream_invalid', `sent more than ${this.#deps.settings.maxMessageBytes} bytes in one message`);
  }

  #fail(
    code: 'upstream_invalid' | 'upstream_unavailable' | 'upstream_timeout' | 'session_not_found',
    what: string,
  ): void {
    if (this.#done) return;
    this.#done = true;
    this.#sink.fail(new Failure(code, `the server "${this.#deps.server}" ${what}`));
    this.#controller?.abort(new Error(code));
  }
}

/** The stream that a legacy server writes to unasked. Optional for servers, so that its absence is no failure. */
class UnsolicitedStream implements Dispatcher.DispatchHandler {
  readonly #link: HttpLink;
  readonly #deps: HttpLinkDeps;
  #stream: SseParser | null = null;

  constructor(link: HttpLink, deps: HttpLinkDeps) {
    this.#link = link;
    this.#deps = deps;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#link.listensOn(controller);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status !== 200) return controller.abort(new Error('no stream offered'));
    this.#stream = new SseParser((event) => this.#event(event.data), this.#deps.settings.maxMessageBytes);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    try {
      this.#stream?.push(chunk);
    } catch {
      controller.abort(new Error('too large'));
    }
  }

  onResponseEnd(): void {
    this.#again();
  }

  onResponseError(): void {
    if (this.#stream !== null) this.#again();
  }

  #event(data: Buffer): void {
    if (data.length === 0) return;
    try {
      const message = parseMessage(data, { maxDepth: this.#deps.settings.maxDepth, check: 'structure' });
      if (message.kind === 'request' || message.kind === 'notification') this.#deps.listener.unsolicited(message);
    } catch (error) {
      this.#deps.log.warn(
        { server: this.#deps.server, err: error },
        'a server sent something unreadable on its stream',
      );
    }
  }

  /** Servers may close it at will: open it again after a while. */
  #again(): void {
    this.#stream = null;
    if (this.#link.closed) return;
    setTimeout(() => {
      this.#link.listensOn(null);
      if (!this.#link.closed) this.#link.listen();
    }, 2000).unref();
  }
}

const ignoreAnswer: Dispatcher.DispatchHandler = {
  onRequestStart() {},
  onResponseStart() {},
  onResponseData() {},
  onResponseEnd() {},
  onResponseError() {},
};

function one(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function looksLikeRpc(body: Buffer): boolean {
  return body.length > 0 && body.length < 1_000_000 && body.includes('"jsonrpc"');
}

export function protocolOf(message: Message): string | null {
  if (message.result === null) return null;
  const result = message.valueAt(message.result);
  const version =
    typeof result === 'object' && result !== null ? (result as { protocolVersion?: unknown }).protocolVersion : null;
  return typeof version === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(version) ? version : null;
}
