import type { Writable } from 'node:stream';
import { Failure } from '@mcpvault/domain/failure';

const lineEnd = Buffer.from('\n');
/** Up to this many bytes, copying the messages of a turn into one buffer is cheaper than handing over many. */
const joinBelow = 64 * 1024;

/**
 * Writes messages to a pipe, one line each. Everything sent in one turn of the event loop leaves in one write, and what
 * the reader has not taken yet is bounded: a message beyond the bound is refused, except when nothing else waits.
 */
export class Outbox {
  readonly #stream: Writable;
  readonly #maxPending: number;
  readonly #flushSoon = () => this.flush();
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(stream: Writable, maxPending: number) {
    this.#stream = stream;
    this.#maxPending = maxPending;
  }

  /** Throws `Failure('busy')` when the reader has fallen too far behind. */
  push(parts: readonly Buffer[]): void {
    let bytes = 1;
    for (const part of parts) bytes += part.length;
    const pending = this.#bytes + this.#stream.writableLength;
    if (pending > 0 && pending + bytes > this.#maxPending) {
      throw new Failure('busy', 'The server reads its messages more slowly than they come in. Try again in a moment.');
    }
    if (this.#bytes === 0) setImmediate(this.#flushSoon);
    for (const part of parts) this.#parts.push(withoutLineBreaks(part));
    this.#parts.push(lineEnd);
    this.#bytes += bytes;
  }

  flush(): void {
    const parts = this.#parts;
    const bytes = this.#bytes;
    if (bytes === 0) return;
    this.#parts = [];
    this.#bytes = 0;
    if (!this.#stream.writable) return;
    if (bytes <= joinBelow) {
      this.#stream.write(Buffer.concat(parts, bytes));
      return;
    }
    this.#stream.cork();
    for (const part of parts) this.#stream.write(part);
    this.#stream.uncork();
  }
}

/**
 * A line break inside JSON text can only be white space between tokens, but would end the message here, and let its
 * sender smuggle in a second one. Some servers also take a lone carriage return for a line end.
 */
function withoutLineBreaks(part: Buffer): Buffer {
  if (part.indexOf(10) === -1 && part.indexOf(13) === -1) return part;
  const copy = Buffer.from(part);
  for (let i = 0; i < copy.length; i++) {
    if (copy[i] === 10 || copy[i] === 13) copy[i] = 32;
  }
  return copy;
}
