import type { ProcessLogLine } from './server-process.ts';

const maxLines = 1_000;
const maxCharacters = 256 * 1024;
const maxLineBytes = 4 * 1024;

/** The last lines that the processes of one server wrote, whatever they wrote: bounded in lines and in characters. */
export class LogRing {
  readonly #onLine: (line: ProcessLogLine) => void;
  #lines: ProcessLogLine[] = [];
  #first = 0;
  #characters = 0;

  constructor(onLine: (line: ProcessLogLine) => void = () => undefined) {
    this.#onLine = onLine;
  }

  add(line: ProcessLogLine): void {
    this.#onLine(line);
    this.#lines.push(line);
    this.#characters += line.text.length;
    while (this.#characters > maxCharacters || this.#lines.length - this.#first > maxLines) this.#drop();
  }

  lines(): readonly ProcessLogLine[] {
    return this.#lines.slice(this.#first);
  }

  #drop(): void {
    this.#characters -= this.#lines[this.#first]?.text.length ?? 0;
    this.#first++;
    if (this.#first < maxLines) return;
    this.#lines = this.#lines.slice(this.#first);
    this.#first = 0;
  }
}

/** Cuts a stderr stream into lines of text for a ring; what goes beyond a line's bound is left out, not kept. */
export class LogLines {
  readonly #onLine: (text: string) => void;
  readonly #held = Buffer.alloc(maxLineBytes);
  #heldBytes = 0;
  #cut = false;

  constructor(onLine: (text: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.#hold(chunk, start, end);
      this.end();
      start = end + 1;
    }
    this.#hold(chunk, start, chunk.length);
  }

  /** Delivers a last line that has no line end. */
  end(): void {
    const text = this.#held.toString('utf8', 0, this.#heldBytes).trimEnd();
    if (text !== '') this.#onLine(this.#cut ? `${text} …` : text);
    this.#heldBytes = 0;
    this.#cut = false;
  }

  #hold(chunk: Buffer, start: number, end: number): void {
    const copied = chunk.copy(this.#held, this.#heldBytes, start, end);
    this.#heldBytes += copied;
    if (copied < end - start) this.#cut = true;
  }
}
