const newline = 10;
const carriageReturn = 13;

/**
 * Cuts a byte stream into lines. A line that lies within one chunk is a view of it; only a line that spans chunks is
 * copied, once. Lines of nothing but white space are skipped, and so is a carriage return before the line end.
 */
export class LineFramer {
  readonly #maxBytes: number;
  readonly #onLine: (line: Buffer) => void;
  readonly #onTooLong: () => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #failed = false;

  /** After `onTooLong` nothing more is delivered. */
  constructor(maxBytes: number, onLine: (line: Buffer) => void, onTooLong: () => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  push(chunk: Buffer): void {
    let start = 0;
    while (!this.#failed) {
      const end = chunk.indexOf(newline, start);
      if (end === -1) return this.#hold(start === 0 ? chunk : chunk.subarray(start));
      this.#line(this.#heldBytes === 0 ? chunk.subarray(start, end) : this.#join(chunk.subarray(start, end)));
      start = end + 1;
    }
  }

  #hold(rest: Buffer): void {
    if (rest.length === 0) return;
    if (this.#heldBytes + rest.length > this.#maxBytes) return this.#fail();
    this.#held.push(rest);
    this.#heldBytes += rest.length;
  }

  #join(last: Buffer): Buffer {
    this.#held.push(last);
    const whole = Buffer.concat(this.#held, this.#heldBytes + last.length);
    this.#held = [];
    this.#heldBytes = 0;
    return whole;
  }

  #line(line: Buffer): void {
    if (line.length > this.#maxBytes) return this.#fail();
    const whole = line[line.length - 1] === carriageReturn ? line.subarray(0, -1) : line;
    if (!isBlank(whole)) this.#onLine(whole);
  }

  #fail(): void {
    this.#failed = true;
    this.#held = [];
    this.#heldBytes = 0;
    this.#onTooLong();
  }
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) {
    if (byte !== 32 && byte !== 9 && byte !== carriageReturn) return false;
  }
  return true;
}
