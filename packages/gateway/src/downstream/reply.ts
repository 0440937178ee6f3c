// The HTTP answer to one POST, or one GET stream: a single JSON text while nothing came before it, a stream of events as
// soon as something does.
import type { ServerResponse } from 'node:http';
import { encodeSse } from '@mcpvault/protocol/transport/sse';

/** A client that leaves this many bytes unread is not kept waiting for. */
export const tooFarBehind = 64 * 1024 * 1024;
/** So many may lie unread before whoever writes them should wait. */
export const roomFor = 1024 * 1024;
/** Said to a client that waits for long. */
export const stillHere = Buffer.from(': still here\n\n');
const nothing = Buffer.alloc(0);

/** Where the answer to one request goes, or what is said on a stream, whatever carries it. */
export interface Reply {
  /** False when the client said that it takes no stream of events. */
  readonly takesEvents: boolean;
  /** True when the client can no longer read what is written. */
  readonly gone: boolean;
  readonly streaming: boolean;
  /** A header of the answer, whichever form it takes; must be set before anything is written. null takes it back. */
  header(name: string, value: string | null): void;
  /** The client left before it had its answer. */
  onGone(callback: () => void): void;
  /** The connection, or this part of it, has ended in whatever way. */
  onClosed(callback: () => void): void;
  /** Breaks it off: the client hears no more, and is gone. */
  cut(): void;
  /** Begins a stream without an event, e.g. for a GET. */
  open(): void;
  /** Shows that somebody is still there, so that nobody on the way takes a quiet stream for a dead one. */
  beat(): void;
  event(data: Buffer, id: string | null): void;
  /** An event without data, from whose id the client can resume although nothing was said yet. */
  prime(id: string): void;
  /** The last word: the answer to the request. */
  answer(data: Buffer, status: number, id: string | null): void;
  /** An answer without a body, e.g. 202 to a notification. */
  empty(status: number): void;
  end(): void;
  hasRoom(): boolean;
  onRoom(resume: () => void): void;
}

export class HttpReply implements Reply {
  readonly #response: ServerResponse;
  readonly takesEvents: boolean;
  #headers: Record<string, string> | null = null;
  #streaming = false;
  #ended = false;

  constructor(response: ServerResponse, takesEvents: boolean) {
    this.#response = response;
    this.takesEvents = takesEvents;
  }

  header(name: string, value: string | null): void {
    this.#headers ??= {};
    if (value === null) delete this.#headers[name];
    else this.#headers[name] = value;
  }

  get gone(): boolean {
    return this.#response.destroyed || (this.#response.closed && !this.#ended);
  }

  get streaming(): boolean {
    return this.#streaming;
  }

  onGone(callback: () => void): void {
    this.#response.once('close', () => {
      if (!this.#ended) callback();
    });
  }

  onClosed(callback: () => void): void {
    this.#response.once('close', callback);
  }

  cut(): void {
    this.#response.destroy();
  }

  open(): void {
    if (this.#streaming || this.#ended || this.gone) return;
    this.#streaming = true;
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ...this.#headers,
    });
    this.#response.flushHeaders();
  }

  beat(): void {
    if (this.#streaming) this.#write(stillHere);
  }

  event(data: Buffer, id: string | null): void {
    this.open();
    this.#write(encodeSse(data, id));
  }

  prime(id: string): void {
    this.event(nothing, id);
  }

  answer(data: Buffer, status: number, id: string | null): void {
    if (this.#ended || this.gone) return;
    if (this.#streaming) {
      this.#write(encodeSse(data, id));
      return this.end();
    }
    this.#ended = true;
    const headers = (this.#headers ??= {});
    headers['content-type'] = 'application/json';
    headers['content-length'] = String(data.length);
    this.#response.writeHead(status, headers).end(data);
  }

  empty(status: number): void {
    if (this.#ended || this.gone) return;
    this.#ended = true;
    const headers = (this.#headers ??= {});
    headers['content-length'] = '0';
    this.#response.writeHead(status, headers).end();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#response.end();
  }

  hasRoom(): boolean {
    return this.#response.writableLength < roomFor || this.gone;
  }

  onRoom(resume: () => void): void {
    const response = this.#response;
    if (this.hasRoom()) {
      queueMicrotask(resume);
      return;
    }
    const go = (): void => {
      response.off('drain', go);
      response.off('close', go);
      resume();
    };
    response.on('drain', go);
    response.on('close', go);
  }

  #write(bytes: Buffer): void {
    if (this.#ended || this.gone) return;
    this.#response.write(bytes);
    if (this.#response.writableLength > tooFarBehind) this.#response.destroy();
  }
}
