// The HTTP answer to one POST, or one GET stream: a single JSON text while nothing came before it, a stream of events as
// soon as something does.
import type { ServerResponse } from 'node:http';
import { encodeSse } from '@mcpvault/protocol/transport/sse';

/** A client that leaves this many bytes unread is not kept waiting for. */
const tooFarBehind = 64 * 1024 * 1024;
const roomFor = 1024 * 1024;
const keepAliveEvery = 15_000;
const keepAlive = Buffer.from(': still here\n\n');

export class Reply {
  readonly #response: ServerResponse;
  readonly #headers: Record<string, string> = {};
  #streaming = false;
  #ended = false;
  #beat: NodeJS.Timeout | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** A header of the answer, whichever form it takes; must be set before anything is written. */
  header(name: string, value: string): void {
    this.#headers[name] = value;
  }

  /** True when the client can no longer read what is written. */
  get gone(): boolean {
    return this.#response.destroyed || (this.#response.closed && !this.#ended);
  }

  get streaming(): boolean {
    return this.#streaming;
  }

  onGone(callback: () => void): void {
    this.#response.once('close', () => {
      if (this.#beat !== null) clearInterval(this.#beat);
      if (!this.#ended) callback();
    });
  }

  /** Begins a stream without an event, e.g. for a GET. */
  open(): void {
    if (this.#streaming || this.#ended) return;
    this.#streaming = true;
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ...this.#headers,
    });
    this.#response.flushHeaders();
  }

  /** Comments keep proxies from closing a quiet stream. Costs a timer: for streams that may stay quiet for long. */
  keepAlive(): void {
    this.#beat ??= setInterval(() => this.#write(keepAlive), keepAliveEvery).unref();
  }

  event(data: Buffer, id: string | null): void {
    this.open();
    this.#write(encodeSse(data, id));
  }

  /** The last word: the answer to the request. */
  answer(data: Buffer, status: number, id: string | null): void {
    if (this.#ended || this.gone) return;
    if (this.#streaming) {
      this.#write(encodeSse(data, id));
      return this.end();
    }
    this.#ended = true;
    this.#headers['content-type'] = 'application/json';
    this.#headers['content-length'] = String(data.length);
    this.#response.writeHead(status, this.#headers).end(data);
  }

  /** An answer without a body, e.g. 202 to a notification. */
  empty(status: number): void {
    if (this.#ended || this.gone) return;
    this.#ended = true;
    this.#headers['content-length'] = '0';
    this.#response.writeHead(status, this.#headers).end();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#beat !== null) clearInterval(this.#beat);
    this.#response.end();
  }

  /** Closes the connection without a proper end, so that the client notices and resumes or retries. */
  destroy(): void {
    this.#response.destroy();
  }

  hasRoom(): boolean {
    return this.#response.writableLength < roomFor;
  }

  onRoom(resume: () => void): void {
    this.#response.once('drain', resume);
    this.#response.once('close', resume);
  }

  #write(bytes: Buffer): void {
    if (this.#ended || this.gone) return;
    this.#response.write(bytes);
    if (this.#response.writableLength > tooFarBehind) this.#response.destroy();
  }
}
