import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Channel } from './channel.ts';

/** A client that leaves this many bytes unread is not kept waiting for. */
const tooFarBehind = 64 * 1024 * 1024;
const roomFor = 1024 * 1024;
/** Milliseconds that the client gets to close its side. */
const closeTime = 2_000;

/** One client's WebSocket: a message in each text frame. */
export class WebSocketChannel implements Channel {
  readonly #socket: WebSocket;
  /** The connection below, which says how much of what was said has left. */
  readonly #wire: Duplex;
  #heard = true;
  #over = false;

  constructor(socket: WebSocket, wire: Duplex) {
    this.#socket = socket;
    this.#wire = wire;
    socket.on('pong', () => this.heard());
  }

  /** The client has shown that it is there. */
  heard(): void {
    this.#heard = true;
  }

  get gone(): boolean {
    return this.#over || this.#socket.readyState !== this.#socket.OPEN;
  }

  send(message: Buffer): void {
    if (this.gone) return;
    this.#socket.send(message, { binary: false });
    if (this.#wire.writableLength > tooFarBehind) this.cut();
  }

  beat(): void {
    // What is paused here reads no sign of life either.
    if (!this.#heard && !this.#socket.isPaused) return this.cut();
    this.#heard = false;
    if (!this.gone) this.#socket.ping();
  }

  close(why: string): void {
    this.closeWith(1000, why);
  }

  closeWith(code: number, why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket.close(code, why.slice(0, 100));
    setTimeout(() => this.#socket.terminate(), closeTime).unref();
  }

  cut(): void {
    this.#over = true;
    this.#socket.terminate();
  }

  hasRoom(): boolean {
    return this.gone || this.#wire.writableLength < roomFor;
  }

  onRoom(resume: () => void): void {
    const wire = this.#wire;
    if (this.hasRoom()) return queueMicrotask(resume);
    const go = (): void => {
      wire.off('drain', go);
      wire.off('close', go);
      resume();
    };
    wire.on('drain', go);
    wire.on('close', go);
  }
}
