import { connect, type Socket } from 'node:net';
import { type Answer, AnswerReader } from './answer-reader.ts';

export type Answered = (error: Error | null, answer: Answer | null) => void;

const patienceMs = 60_000;

/** A kept-alive connection on a bare socket that carries one request at a time. Opens itself when it is needed. */
export class Connection {
  readonly #port: number;
  #socket: Socket | null = null;
  #reader: AnswerReader | null = null;
  #waiting: Answered | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  /** `request` is the whole request as bytes. It may be changed once `answered` was called, which it always is. */
  exchange(request: Buffer, answered: Answered): void {
    this.#waiting = answered;
    this.#socket ??= this.#open();
    this.#socket.write(request);
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#waiting = null;
    socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    const reader = new AnswerReader((answer) => this.#settle(null, answer));
    this.#reader = reader;
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer in time')));
    socket.on('data', (data: Buffer) => reader.push(data));
    socket.on('error', (error) => this.#lose(socket, error));
    socket.on('close', () => this.#lose(socket, new Error('the connection was closed')));
    return socket;
  }

  #lose(socket: Socket, error: Error): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#reader?.endOfInput();
    this.#settle(error, null);
  }

  #settle(error: Error | null, answer: Answer | null): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    waiting(error, answer);
  }
}
