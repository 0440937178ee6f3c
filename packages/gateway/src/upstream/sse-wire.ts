// A connection to a server of 2024-11-05 over HTTP: one stream on which it speaks, and an address on the same origin, named
// by the stream's first event, to which every message is posted.
import { Failure } from '@mcpvault/domain/failure';
import { SseParser, type SseEvent } from '@mcpvault/protocol/transport/sse';
import type { Dispatcher } from 'undici';
import { CredentialRefused } from './credential-refused.ts';
import { HeldUntilOpen, type HeldMessage } from './held-until-open.ts';
import { type HeldStream, holdStream } from './held-stream.ts';
import type { HttpTarget } from './http-target.ts';
import type { Wire, WireEvents } from './wire.ts';

/** Milliseconds that a server may take to say that it has a message. */
const takingTime = 30_000;
/** Milliseconds of silence after which the system looks whether the server is still there. */
const lookAfter = 30_000;
/** The answer to a post says nothing that counts; a server that goes on and on is not listened to. */
const mostIgnored = 64 * 1024;

type Code = 'upstream_invalid' | 'upstream_unavailable' | 'upstream_timeout' | 'session_not_found';

export class SseWire implements Wire {
  readonly #target: HttpTarget;
  readonly #events: WireEvents;
  readonly #held = new HeldUntilOpen();
  readonly #stream: HeldStream;
  readonly #parser: SseParser;
  /** Path with query of where messages are posted. */
  #endpoint: string | null = null;
  #over = false;
  #patience: NodeJS.Timeout | null;

  constructor(target: HttpTarget, events: WireEvents) {
    this.#target = target;
    this.#events = events;
    const { connectTimeout, maxMessageBytes } = target.settings;
    this.#parser = new SseParser((event) => this.#event(event), maxMessageBytes);
    this.#patience = setTimeout(() => {
      const seconds = Math.round(connectTimeout / 1000);
      this.#lose('upstream_timeout', `opened no stream with an endpoint event within ${seconds} seconds`);
    }, connectTimeout);
    const headers = [...target.headers, 'accept', 'text/event-stream', 'cache-control', 'no-store'];
    this.#stream = holdStream(target, headers, connectTimeout, {
      status: (code, type) => this.#status(code, type),
      data: (chunk) => this.#data(chunk),
      ended: () => this.#ended(),
    });
    // All answers come on it, so that one that is dead would cost every call its whole patience.
    this.#stream.keepAlive(lookAfter);
  }

  send(bytes: Buffer, taken: () => void, failed: (failure: Failure) => void): void {
    const message = { bytes, taken, failed };
    if (this.#over) queueMicrotask(() => failed(this.#failure('upstream_unavailable', 'has ended its stream')));
    else if (!this.#held.hold(message)) this.#post(message);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#settled();
    this.#stream.close();
    for (const { taken } of this.#held.release()) queueMicrotask(taken);
  }

  #status(code: number, type: string): void {
    if (code === 200 && type === 'text/event-stream') return;
    if (code === 401 || code === 403) return this.#loseWith(new CredentialRefused(this.#target.server, code, null));
    const how = code === 200 ? `content type "${type.slice(0, 100)}"` : `HTTP ${code}`;
    const lasting = code < 500 && code !== 429 && code !== 408;
    this.#lose(lasting ? 'upstream_invalid' : 'upstream_unavailable', `answered with ${how} instead of a stream`);
  }

  #data(chunk: Buffer): void {
    if (this.#over) return;
    try {
      this.#parser.push(chunk);
    } catch {
      this.#lose('upstream_invalid', `sent more than ${this.#target.settings.maxMessageBytes} bytes in one message`);
    }
  }

  #event({ event, data }: SseEvent): void {
    if (this.#over) return;
    if (event === 'endpoint') return this.#named(data.toString('utf8'));
    if (event !== 'message' || data.length === 0) return;
    if (this.#endpoint === null) return this.#lose('upstream_invalid', 'spoke before it said where to post');
    this.#events.message(data);
  }

  /** Only once, and never elsewhere: whoever writes the stream must not send our messages and headers to others. */
  #named(uri: string): void {
    if (this.#endpoint !== null) return;
    const { origin, path } = this.#target;
    const url = uri.length > 8_000 ? null : URL.parse(uri, origin + path);
    if (url === null || url.origin !== origin) {
      return this.#lose('upstream_invalid', 'named an endpoint that is not on its own origin');
    }
    this.#endpoint = url.pathname + url.search;
    this.#settled();
    for (const message of this.#held.release()) this.#post(message);
  }

  #post({ bytes: body, taken, failed }: HeldMessage): void {
    const { pools, origin, headers: own } = this.#target;
    const headers = [...own, 'content-type', 'application/json', 'accept', 'application/json, text/event-stream'];
    const done = (status: number | null): void => {
      if (status !== null && status < 300) return taken();
      if (status === 404) {
        const forgotten = 'has forgotten this session; begin a new one with initialize';
        this.#lose('session_not_found', forgotten);
        return queueMicrotask(() => failed(this.#failure('session_not_found', forgotten)));
      }
      const why = status === null ? 'did not take a message' : `answered a message with HTTP ${status}`;
      failed(this.#failure(status !== null && status < 500 ? 'upstream_invalid' : 'upstream_unavailable', why));
    };
    const path = this.#endpoint ?? '';
    const times = { headersTimeout: takingTime, bodyTimeout: takingTime };
    pools.of(origin).dispatch({ path, method: 'POST', headers, body, ...times }, new Posting(done));
  }

  #ended(): void {
    const why = this.#endpoint === null ? 'ended its stream before it said where to post' : 'ended its stream';
    this.#lose('upstream_unavailable', why);
  }

  #lose(code: Code, why: string): void {
    this.#loseWith(this.#failure(code, why));
  }

  #loseWith(failure: Failure): void {
    if (this.#over) return;
    this.#over = true;
    this.#settled();
    this.#stream.close();
    queueMicrotask(() => {
      this.#events.lost(failure);
      for (const { failed } of this.#held.release()) failed(failure);
    });
  }

  #failure(code: Code, why: string): Failure {
    return new Failure(code, `the server "${this.#target.server}" ${why}`);
  }

  #settled(): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
  }
}

/** One message on its way; tells once with which status it was taken, null when there was none. */
class Posting implements Dispatcher.DispatchHandler {
  readonly #done: (status: number | null) => void;
  #status: number | null = null;
  #bytes = 0;
  #told = false;

  constructor(done: (status: number | null) => void) {
    this.#done = done;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status >= 200) this.#status = status;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > mostIgnored) controller.abort(new Error('of no use'));
  }

  onResponseEnd(): void {
    this.#tell();
  }

  onResponseError(): void {
    this.#tell();
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    this.#done(this.#status);
  }
}
