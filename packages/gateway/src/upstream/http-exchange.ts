// One request to a server over HTTP and what comes back for it: a JSON answer, or a stream of events that ends with one. A
// stream that breaks before its answer is taken up again where the server marked it.
import { Failure } from '@mcpvault/domain/failure';
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { type SseEvent, SseParser, SseTooLarge } from '@mcpvault/protocol/transport/sse';
import type { Dispatcher } from 'undici';
import { CredentialRefused } from './credential-refused.ts';
import type { HttpTarget } from './http-target.ts';
import type { Call, CallSink } from './link.ts';
import { reasonOf } from './reason-of.ts';

/** How often a broken stream is taken up again, without a message in between, before its call fails. */
const mostResumes = 5;
const longestRetry = 30_000;
/** Milliseconds that a server gets to end a stream on which it has answered. */
const lingerTime = 1_000;

type Code = 'upstream_invalid' | 'upstream_unavailable' | 'upstream_timeout' | 'session_not_found';
/** The conversation that a request belongs to. */
export interface HttpConversation {
  readonly closed: boolean;
  readonly hasSession: boolean;
  /** What the answer to `initialize` settles for the rest of the conversation. */
  settle(session: string | null, answer: Message | null): void;
  /** Takes up a broken stream after the last event that was seen of it. */
  resume(lastEventId: string, exchange: HttpExchange): void;
  tellCancelled(request: Message, reason: string): void;
}

type Headers = Record<string, string | string[] | undefined>;

export class HttpExchange implements Dispatcher.DispatchHandler, Call {
  readonly #link: HttpConversation;
  readonly #target: HttpTarget;
  readonly #request: Message;
  readonly #sink: CallSink;
  readonly #legacy: boolean;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #challenge: string | null = null;
  #only: Buffer | null = null;
  #more: Buffer[] | null = null;
  #bytes = 0;
  #stream: SseParser | null = null;
  #lastEventId: string | null = null;
  #retry = 1000;
  #resumes = 0;
  #timer: NodeJS.Timeout | null = null;
  #done = false;

  constructor(link: HttpConversation, target: HttpTarget, request: Message, sink: CallSink, legacy: boolean) {
    this.#link = link;
    this.#target = target;
    this.#request = request;
    this.#sink = sink;
    this.#legacy = legacy;
    target.traffic.waiting++;
  }

  cancel(reason: string): void {
    if (this.#done) return;
    this.#settled();
    this.#controller?.abort(new Error('cancelled'));
    if (this.#legacy && this.#request.method !== 'initialize') this.#link.tellCancelled(this.#request, reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#done) controller.abort(new Error('cancelled'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (this.#done || status < 200) return;
    this.#status = status;
    if (status === 401 || status === 403) this.#challenge = one(headers['www-authenticate']);
    const resuming = this.#stream !== null;
    const type = typeOf(headers);
    if (this.#request.method === 'initialize') this.#link.settle(one(headers['mcp-session-id']), null);
    if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
      this.#fail('upstream_invalid', 'answered compressed though nobody asked for it');
    } else if (status === 200 && type === 'text/event-stream') {
      this.#stream = new SseParser((event) => this.#event(event), this.#target.settings.maxMessageBytes);
    } else if (resuming) {
      this.#fail('upstream_unavailable', 'broke off its stream and could not take it up again');
    } else if (status < 300 && status !== 202 && type !== 'application/json') {
      this.#fail('upstream_invalid', `answered with content type "${type.slice(0, 100)}" instead of JSON or events`);
    }
    if (this.#done) controller.abort(new Error('of no use'));
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
    if (this.#bytes > this.#target.settings.maxMessageBytes) return this.#tooLarge();
    if (this.#only === null) this.#only = chunk;
    else (this.#more ??= [this.#only]).push(chunk);
  }

  onResponseEnd(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#done) return;
    if (this.#stream !== null) return this.#resumeOrFail('ended its stream without an answer');
    this.#whole(this.#more === null ? (this.#only ?? Buffer.alloc(0)) : Buffer.concat(this.#more, this.#bytes));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: string }): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#done) return;
    if (this.#stream !== null) return this.#resumeOrFail('broke off its stream');
    if (this.#status !== 0) return this.#fail('upstream_unavailable', 'broke off its answer');
    if (error.code === 'UND_ERR_HEADERS_TIMEOUT') return this.#fail('upstream_timeout', 'did not answer in time');
    this.#fail('upstream_unavailable', `could not be reached: ${reasonOf(error)}`);
  }

  #feed(stream: SseParser, chunk: Buffer): void {
    try {
      stream.push(chunk);
    } catch (error) {
      if (!(error instanceof SseTooLarge)) throw error;
      this.#tooLarge();
    }
  }

  #event(event: SseEvent): void {
    if (this.#done) return;
    if (event.id !== null) this.#lastEventId = event.id;
    if (event.retry !== null) this.#retry = Math.min(event.retry, longestRetry);
    if (event.data.length === 0) return;
    const message = this.#read(event.data);
    if (message === null) return;
    this.#resumes = 0;
    if (message.kind === 'request' || message.kind === 'notification') this.#sink.related(message);
    else this.#answer(message);
  }

  #whole(body: Buffer): void {
    const status = this.#status;
    // Whatever its body says: it has forgotten the session.
    if (status === 404 && this.#legacy && this.#link.hasSession) {
      return this.#fail('session_not_found', 'has forgotten this session; begin a new one with initialize');
    }
    if (status === 401 || status === 403) {
      return this.#failWith(new CredentialRefused(this.#target.server, status, this.#challenge));
    }
    if (status >= 500 || status === 429) {
      return this.#fail('upstream_unavailable', `answered with HTTP ${status}`);
    }
    if (status >= 300 && !looksLikeRpc(body)) {
      return this.#fail('upstream_invalid', `answered with HTTP ${status}`, { status });
    }
    const message = this.#read(body);
    if (message === null) return;
    if (message.kind === 'request' || message.kind === 'notification') {
      return this.#fail('upstream_invalid', 'answered with a request');
    }
    this.#answer(message);
  }

  #read(bytes: Buffer): Message | null {
    try {
      return parseMessage(bytes, { maxDepth: this.#target.settings.maxDepth, check: 'structure' });
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#fail('upstream_invalid', `sent something that is no message: ${error.message}`);
      return null;
    }
  }

  #answer(message: Message): void {
    if (message.id !== this.#request.id && !(message.kind === 'error' && message.id === null)) {
      return this.#fail('upstream_invalid', 'answered under the id of another request');
    }
    this.#settled();
    if (this.#request.method === 'initialize' && message.kind === 'result') this.#link.settle(null, message);
    if (this.#stream !== null) this.#linger();
    this.#sink.answer(message, this.#stream === null ? this.#status : 200);
  }

  /** Most servers end the stream with their answer; one that does not would keep the connection for ever. */
  #linger(): void {
    this.#timer = setTimeout(() => this.#controller?.abort(new Error('answered')), lingerTime);
    this.#timer.unref();
  }

  #resumeOrFail(what: string): void {
    const lastEventId = this.#lastEventId;
    if (lastEventId === null || this.#link.closed || this.#resumes++ >= mostResumes) {
      return this.#fail('upstream_unavailable', what);
    }
    this.#timer = setTimeout(() => {
      if (!this.#done) this.#link.resume(lastEventId, this);
    }, this.#retry);
    this.#timer.unref();
  }

  #tooLarge(): void {
    this.#fail('upstream_invalid', `sent more than ${this.#target.settings.maxMessageBytes} bytes in one message`);
  }

  #fail(code: Code, what: string, details?: { readonly status: number }): void {
    this.#failWith(new Failure(code, `the server "${this.#target.server}" ${what}`, details));
  }

  #failWith(failure: Failure): void {
    if (this.#done) return;
    this.#settled();
    this.#sink.fail(failure);
    this.#controller?.abort(new Error(failure.code));
  }

  #settled(): void {
    this.#done = true;
    this.#target.traffic.waiting--;
  }
}

function typeOf(headers: Headers): string {
  const type = one(headers['content-type']) ?? '';
  return type === 'application/json' ? type : (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function one(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function looksLikeRpc(body: Buffer): boolean {
  return body.length > 0 && body.length < 1_000_000 && body.includes('"jsonrpc"');
}
