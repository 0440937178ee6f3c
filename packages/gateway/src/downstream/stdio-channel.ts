import type { Writable } from 'node:stream';
import type { Channel } from './channel.ts';

/** A client that leaves this many bytes unread is not kept waiting for. */
const tooFarBehind = 64 * 1024 * 1024;
const roomFor = 1024 * 1024;
const lineEnd = Buffer.from('\n');

/** The client that started this process: a message a line. Its end of the pipe says when it is gone. */
export class StdioChannel implements Channel {
  readonly #output: Writable;
  readonly #onOver: (why: string) => void;
  /** Told after each message. */
  onSaid: () => void = () => undefined;
  #over = false;

  /** `onOver` is called once, when nothing more can or shall be said. */
  constructor(output: Writable, onOver: (why: string) => void) {
    this.#output = output;
    this.#onOver = onOver;
    const gone = (): void => this.close('the client is gone');
    output.on('error', gone);
    output.on('close', gone);
  }

  get gone(): boolean {
    return this.#over || !this.#output.writable;
  }

  send(message: Buffer): void {
    if (this.gone) return;
    this.#output.write(Buffer.concat([onOneLine(message), lineEnd]));
    this.onSaid();
    if (this.#output.writableLength > tooFarBehind) this.cut();
  }

  beat(): void {}

  close(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#onOver(why);
  }

  cut(): void {
    this.close('the client does not read what it is told');
  }

  hasRoom(): boolean {
    return this.gone || this.#output.writableLength < roomFor;
  }

  onRoom(resume: () => void): void {
    const output = this.#output;
    if (this.hasRoom()) return queueMicrotask(resume);
    const go = (): void => {
      output.off('drain', go);
      output.off('close', go);
      resume();
    };
    output.on('drain', go);
    output.on('close', go);
  }
}

/** A line break inside JSON text can only be white space between tokens. */
function onOneLine(message: Buffer): Buffer {
  if (!message.includes(10) && !message.includes(13)) return message;
  return Buffer.from(message.map((byte) => (byte === 10 || byte === 13 ? 32 : byte)));
}
