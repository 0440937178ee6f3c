import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@mcpvault/domain/ambient';
import { encodeSse } from '@mcpvault/protocol/transport/sse';
import { takesEvents } from '../http-request.ts';
import { type Reply, roomFor, stillHere, tooFarBehind } from '../reply.ts';

/** Up to so many bytes, head and body leave in one piece of memory, which costs less than two writes at once. */
const oneWrite = 16 * 1024;
const nothing = Buffer.alloc(0);
const chunkEnd = Buffer.from('\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

export interface LaneReplyOwner {
  /** The answer was given to its end. */
  answered(stays: boolean): void;
}

/** The answer to one request of a fast lane's connection, written as Node's HTTP server would write it. */
export class LaneReply implements Reply {
  readonly #socket: Socket;
  readonly #owner: LaneReplyOwner;
  readonly #lane: { readonly clock: Clock; readonly closing: boolean };
  readonly takesEvents: boolean;
  #headers: Map<string, string> | null = null;
  #streaming = false;
  #stays = true;
  #ended = false;
  #gone = false;
  #onGone: (() => void)[] | null = null;
  #onClosed: (() => void)[] | null = null;

  constructor(
    socket: Socket,
    owner: LaneReplyOwner,
    lane: { readonly clock: Clock; readonly closing: boolean },
    asked: IncomingHttpHeaders,
  ) {
    this.#socket = socket;
    this.#owner = owner;
    this.#lane = lane;
    this.takesEvents = takesEvents(asked);
  }

  header(name: string, value: string | null): void {
    if (value !== null && !/^[\x20-\x7e]*$/.test(value)) throw new TypeError(`no value for the header ${name}`);
    this.#headers ??= new Map();
    if (value === null) this.#headers.delete(name);
    else this.#headers.set(name, value);
  }

  get gone(): boolean {
    return this.#gone;
  }

  get streaming(): boolean {
    return this.#streaming;
  }

  onGone(callback: () => void): void {
    (this.#onGone ??= []).push(callback);
  }

  onClosed(callback: () => void): void {
    (this.#onClosed ??= []).push(callback);
  }

  cut(): void {
    this.#socket.destroy();
  }

  /** The client left. */
  left(): void {
    if (this.#ended || this.#gone) return;
    this.#gone = true;
    for (const callback of this.#onGone ?? []) callback();
    for (const callback of this.#onClosed ?? []) callback();
  }

  open(): void {
    if (this.#streaming || this.#ended || this.#gone) return;
    this.#streaming = true;
    const more =
      'content-type: text/event-stream\r\ncache-control: no-cache, no-transform\r\nx-accel-buffering: no\r\n';
    this.#socket.write(`${this.#head(200)}${more}transfer-encoding: chunked\r\n\r\n`, 'latin1');
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
    if (this.#ended || this.#gone) return;
    if (this.#streaming) {
      this.#write(encodeSse(data, id));
      return this.end();
    }
    this.#whole(`${this.#head(status)}content-type: application/json\r\ncontent-length: ${data.length}\r\n\r\n`, data);
  }

  empty(status: number): void {
    if (this.#ended || this.#gone) return;
    this.#whole(`${this.#head(status)}content-length: 0\r\n\r\n`, nothing);
  }

  end(): void {
    if (this.#ended || this.#gone) return;
    if (this.#streaming) this.#socket.write(lastChunk);
    this.#finish();
  }

  hasRoom(): boolean {
    return this.#gone || this.#ended || this.#socket.writableLength < roomFor;
  }

  onRoom(resume: () => void): void {
    if (this.hasRoom()) {
      queueMicrotask(resume);
      return;
    }
    const socket = this.#socket;
    const go = (): void => {
      socket.off('drain', go);
      socket.off('close', go);
      resume();
    };
    socket.on('drain', go);
    socket.on('close', go);
  }

  #head(status: number): string {
    this.#stays = !this.#lane.closing && this.#headers?.get('connection') !== 'close';
    let more = '';
    for (const [name, value] of this.#headers ?? []) if (name !== 'connection') more += `${name}: ${value}\r\n`;
    const first = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${more}`;
    const connection = this.#stays ? 'connection: keep-alive\r\nkeep-alive: timeout=65\r\n' : 'connection: close\r\n';
    return `${first}date: ${httpDate(this.#lane.clock.now())}\r\n${connection}`;
  }

  #whole(head: string, body: Buffer): void {
    const bytes = head.length + body.length;
    if (bytes <= oneWrite) {
      const whole = Buffer.allocUnsafe(bytes);
      whole.write(head, 0, 'latin1');
      body.copy(whole, head.length);
      this.#socket.write(whole);
    } else {
      this.#socket.cork();
      this.#socket.write(head, 'latin1');
      this.#socket.write(body);
      this.#socket.uncork();
    }
    this.#finish();
  }

  #finish(): void {
    this.#ended = true;
    for (const callback of this.#onClosed ?? []) callback();
    this.#owner.answered(this.#stays);
  }

  #write(bytes: Buffer): void {
    if (this.#ended || this.#gone) return;
    const socket = this.#socket;
    socket.cork();
    socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
    socket.write(bytes);
    socket.write(chunkEnd);
    socket.uncork();
    if (socket.writableLength > tooFarBehind) socket.destroy();
  }
}

let lastSecond = 0;
let lastDate = '';

/** As the Date header writes it; made once a second. `at` is in milliseconds since the epoch. */
function httpDate(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastDate = new Date(second * 1000).toUTCString();
  }
  return lastDate;
}
