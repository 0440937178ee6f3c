const newline = 10;
const carriageReturn = 13;

export interface LineEvents {
  /** Without its line end; never blank. */
  line(line: Buffer): void;
  /** A line was longer than the bound, and was dropped. */
  tooLong(): void;
}

/** Cuts what a client writes into lines. One that is too long is skipped to its end, and costs no memory meanwhile. */
export class LineReader {
  readonly #maxBytes: number;
  readonly #events: LineEvents;
  #held: Buffer[] = [];
  #bytes = 0;
  #skipping = false;

  constructor(maxBytes: number, events: LineEvents) {
    this.#maxBytes = maxBytes;
    this.#events = events;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(newline, start);
      const part = chunk.subarray(start, end < 0 ? chunk.length : end);
      this.#hold(part);
      if (end < 0) return;
      this.#flush();
      start = end + 1;
    }
  }

  /** The input has ended: what stands behind the last line end is a line too. */
  end(): void {
    this.#flush();
  }

  #hold(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) {
      this.#held = [];
      this.#skipping = true;
    } else if (!this.#skipping && part.length > 0) this.#held.push(part);
  }

  #flush(): void {
    const whole = this.#held.length === 1 ? this.#held[0] : Buffer.concat(this.#held);
    const skipped = this.#skipping;
    this.#held = [];
    this.#bytes = 0;
    this.#skipping = false;
    if (skipped) return this.#events.tooLong();
    if (whole === undefined) return;
    const line = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
    if (line.some((byte) => byte !== 32 && byte !== 9 && byte !== carriageReturn)) this.#events.line(line);
  }
}
