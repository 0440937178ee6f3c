import type { Socket } from 'node:net';
import { worthCounting } from '../../session/held-bytes.ts';
import type { HttpRequest } from '../http-request.ts';
import { type BodyDone, type HasRoom, tooLarge } from '../read-body.ts';
import type { LaneHost } from './lane.ts';
import { LaneReply } from './lane-reply.ts';
import { type Head, readHead } from './read-head.ts';

/** What a client may send ahead while it waits for an answer. */
const mostAhead = 64 * 1024;
/** Milliseconds without a request, and for the rest of one that has begun. */
const idleFor = 65_000;
const arriveWithin = 30_000;
const timedOut = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

/** One connection of a client: requests one after the other, each answered before the next is looked at. */
export class LaneConnection {
  readonly #socket: Socket;
  readonly #host: LaneHost;
  /** Read, and not yet answered or looked at. */
  #held: Buffer | null = null;
  #known: Head | null = null;
  #reply: LaneReply | null = null;
  #looking = false;
  #over = false;
  /** Since when it has been idle, or the request that comes in. */
  #since: number;

  constructor(socket: Socket, host: LaneHost) {
    this.#socket = socket;
    this.#host = host;
    this.#since = host.clock.now();
    socket.on('data', this.#onData);
    // A client that says nothing more does not read either, as everywhere on the web.
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  sweep(now: number): void {
    if (this.#reply !== null || this.#over) return;
    if (this.#held === null && now - this.#since > idleFor) return this.cut();
    if (this.#held === null || now - this.#since <= arriveWithin) return;
    this.#socket.write(timedOut, 'latin1');
    this.#socket.destroySoon();
    this.#closed();
  }

  endWhenAnswered(): void {
    if (this.#reply === null) this.cut();
  }

  cut(): void {
    this.#socket.destroy();
    this.#closed();
  }

  /** The request was answered to its end, and the answer says whether the connection stays. */
  answered(stays: boolean): void {
    this.#reply = null;
    if (this.#over) return;
    if (!stays) {
      this.#socket.destroySoon();
      return this.#leave();
    }
    this.#since = this.#host.clock.now();
    if (this.#held === null) return;
    if (this.#socket.isPaused()) this.#socket.resume();
    this.#look();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#held !== null) this.#held = Buffer.concat([this.#held, chunk]);
    else {
      this.#held = chunk;
      if (this.#reply === null) this.#since = this.#host.clock.now();
    }
    if (this.#reply === null) this.#look();
    else if (this.#held.length > mostAhead) this.#socket.pause();
  };

  readonly #onEnd = (): void => {
    this.#socket.destroySoon();
    this.#closed();
  };

  readonly #onError = (): void => {
    this.cut();
  };

  readonly #onClose = (): void => {
    this.#closed();
  };

  /** Answers whole requests for as long as they lie here, without growing the stack by each. */
  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    while (this.#held !== null && this.#reply === null && !this.#over) if (!this.#next(this.#held)) break;
    this.#looking = false;
  }

  /** False when there is nothing more to do at present. */
  #next(bytes: Buffer): boolean {
    const head = readHead(bytes, this.#known);
    if (head === 'incomplete') return false;
    if (head === 'unusual' || head.length >= worthCounting || !this.#host.open()) return this.#handOver(bytes);
    this.#known = head;
    const start = head.bytes.length;
    const end = start + head.length;
    if (bytes.length < end) return false;
    this.#held = bytes.length === end ? null : bytes.subarray(end);
    const reply = new LaneReply(this.#socket, this, this.#host, head.headers);
    this.#reply = reply;
    this.#host.serve(new LaneRequest(head, bytes.subarray(start, end), this.#socket.remoteAddress), reply, head.path);
    return true;
  }

  #handOver(bytes: Buffer): false {
    this.#leave();
    const socket = this.#socket;
    socket.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onError).off('close', this.#onClose);
    socket.pause();
    this.#host.handOver(socket);
    socket.unshift(bytes);
    socket.resume();
    return false;
  }

  #leave(): void {
    this.#over = true;
    this.#held = null;
    this.#host.forget(this);
  }

  #closed(): void {
    if (!this.#over) this.#leave();
    const reply = this.#reply;
    this.#reply = null;
    reply?.left();
  }
}

/** A request whose body lies here already. */
class LaneRequest implements HttpRequest {
  readonly #head: Head;
  readonly #body: Buffer;
  readonly remoteAddress: string | undefined;

  constructor(head: Head, body: Buffer, remoteAddress: string | undefined) {
    this.#head = head;
    this.#body = body;
    this.remoteAddress = remoteAddress;
  }

  get method(): string {
    return this.#head.method;
  }

  get headers(): Head['headers'] {
    return this.#head.headers;
  }

  readBody(limit: number, _hasRoom: HasRoom, done: BodyDone): void {
    if (this.#body.length > limit) done(tooLarge(limit), this.#body);
    else done(null, this.#body);
  }

  forgetHeaders(): void {}
}
