// One GET whose answer is a stream that stays open: the connection on which a server speaks unasked. Thousands of them are
// held at once and are nearly always silent, so each is a bare socket with the least reading of HTTP/1.1 that a stream needs.
// It follows no redirect, sends no body, and is never used twice.
import { connect, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

export interface HeldStreamEvents {
  /** Once, before any data. A stream that is not wanted for its status is closed by the one who asked. */
  status(code: number, contentType: string): void;
  /** The buffer is the receiver's own. */
  data(chunk: Buffer): void;
  /** Once, last, unless it was closed from here: the server ended it, or it broke. */
  ended(): void;
}

export interface HeldStreamTarget {
  /** `http://host:port` or `https://host:port`, without a path. */
  readonly origin: string;
  readonly path: string;
  /** How its host is looked up, where not as the machine does. */
  readonly lookup?: LookupFunction;
}

const mostHeaderBytes = 32 * 1024;
const CRLF2 = Buffer.from('\r\n\r\n');

/** `headers` alternates names and values. */
export function holdStream(
  target: HeldStreamTarget,
  headers: readonly string[],
  connectTimeout: number,
  events: HeldStreamEvents,
): HeldStream {
  return new HeldStream(target, headers, connectTimeout, events);
}

export class HeldStream {
  readonly #socket: Socket;
  readonly #events: HeldStreamEvents;
  #body: Body | null = null;
  #head: Buffer | null = null;
  #over = false;
  #patience: NodeJS.Timeout | null;

  constructor(target: HeldStreamTarget, headers: readonly string[], connectTimeout: number, events: HeldStreamEvents) {
    this.#events = events;
    const url = new URL(target.origin);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const secure = url.protocol === 'https:';
    const port = Number(url.port || (secure ? 443 : 80));
    const where = { host, port, ...(target.lookup !== undefined && { lookup: target.lookup }) };
    const socket = secure ? connectSecurely({ ...where, servername: host }) : connectPlainly(where, this);
    this.#socket = socket;
    socket.setNoDelay(true);
    if (secure) socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', ignore);
    socket.on('close', () => this.#end());
    // For reaching the server only: some answer with their first event, and a stream may be silent for as long as it likes.
    this.#patience = setTimeout(() => socket.destroy(), connectTimeout);
    socket.once(secure ? 'secureConnect' : 'connect', () => this.#reached());
    socket.write(requestHead(target.path, url.host, headers));
  }

  close(): void {
    this.#over = true;
    this.#reached();
    this.#socket.destroy();
  }

  /** Lets the system find out when the other side is gone without a word, e.g. behind a router that forgot it. */
  keepAlive(milliseconds: number): void {
    this.#socket.setKeepAlive(true, milliseconds);
  }

  /** Nothing more is read until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Reaching the server needs no more patience, whether it was reached or not. */
  #reached(): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#reached();
    this.#socket.destroy();
    this.#events.ended();
  }

  /** Takes what the connection brings; the buffer must be the stream's own. */
  take(chunk: Buffer): void {
    if (this.#over) return;
    if (this.#body !== null) return this.#pass(this.#body.take(chunk));
    const head = this.#head === null ? chunk : Buffer.concat([this.#head, chunk]);
    const end = head.indexOf(CRLF2);
    if (end < 0) {
      this.#head = head;
      if (head.length > mostHeaderBytes) this.#end();
      return;
    }
    this.#head = null;
    const read = readHead(head.toString('latin1', 0, end));
    const rest = head.subarray(end + CRLF2.length);
    if (read === null) return this.#end();
    // 1xx answers come before the real one.
    if (read.status < 200) return rest.length === 0 ? undefined : this.take(rest);
    this.#body = read.chunked ? new ChunkedBody() : new PlainBody(read.length);
    this.#events.status(read.status, read.type);
    if (!this.#over) this.#pass(this.#body.take(rest));
  }

  #pass(parts: readonly Buffer[] | null): void {
    for (const part of parts ?? []) if (!this.#over && part.length > 0) this.#events.data(part);
    if (parts === null || this.#body?.complete === true) this.#end();
  }
}

/** All streams read into the same room, and copy what is for them: silent ones need none of their own then. */
const readRoom = Buffer.allocUnsafeSlow(64 * 1024);

function connectPlainly(where: TcpNetConnectOpts, stream: HeldStream): Socket {
  const callback = (bytes: number): boolean => {
    stream.take(Buffer.from(readRoom.subarray(0, bytes)));
    return true;
  };
  return connect({ ...where, onread: { buffer: readRoom, callback } });
}

/** A connection that breaks closes as well, which is what counts. */
function ignore(): void {}

interface Body {
  readonly complete: boolean;
  /** The data in a chunk of the connection; null when it is broken. */
  take(chunk: Buffer): readonly Buffer[] | null;
}

class PlainBody implements Body {
  #left: number;

  /** `length` is infinite for a body that ends with its connection. */
  constructor(length: number) {
    this.#left = length;
  }

  get complete(): boolean {
    return this.#left === 0;
  }

  take(chunk: Buffer): readonly Buffer[] {
    const part = chunk.subarray(0, Math.min(chunk.length, this.#left));
    this.#left -= part.length;
    return [part];
  }
}

class ChunkedBody implements Body {
  /** Bytes of the chunk still to come; null between chunks, where a size line comes. */
  #left: number | null = null;
  /** Bytes of the line end after a chunk still to come. */
  #lineEnd = 0;
  #line = '';
  complete = false;

  take(bytes: Buffer): readonly Buffer[] | null {
    const parts: Buffer[] = [];
    let at = 0;
    while (at < bytes.length && !this.complete) {
      if (this.#lineEnd > 0) {
        const skipped = Math.min(this.#lineEnd, bytes.length - at);
        this.#lineEnd -= skipped;
        at += skipped;
      } else if (this.#left !== null) {
        const end = Math.min(at + this.#left, bytes.length);
        parts.push(bytes.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) {
          this.#left = null;
          this.#lineEnd = 2;
        }
      } else {
        const end = bytes.indexOf(10, at);
        this.#line += bytes.toString('latin1', at, end < 0 ? bytes.length : end);
        at = end < 0 ? bytes.length : end + 1;
        if (this.#line.length > 1000) return null;
        if (end >= 0 && !this.#size()) return null;
      }
    }
    return parts;
  }

  #size(): boolean {
    const match = /^([0-9a-fA-F]{1,12})\s*(;|$)/.exec(this.#line.trimEnd());
    this.#line = '';
    if (match === null) return false;
    this.#left = Number.parseInt(match[1] ?? '', 16);
    this.complete = this.#left === 0;
    return true;
  }
}

function requestHead(path: string, host: string, headers: readonly string[]): string {
  let head = `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}

interface Head {
  readonly status: number;
  readonly type: string;
  readonly chunked: boolean;
  readonly length: number;
}

function readHead(text: string): Head | null {
  const [first = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first);
  if (status === null) return null;
  const header = (name: string): string =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
      .toLowerCase() ?? '';
  const length = header('content-length');
  return {
    status: Number(status[1]),
    type: header('content-type').split(';', 1)[0]?.trim() ?? '',
    chunked: header('transfer-encoding').endsWith('chunked'),
    length: /^\d{1,15}$/.test(length) ? Number(length) : Number.POSITIVE_INFINITY,
  };
}
