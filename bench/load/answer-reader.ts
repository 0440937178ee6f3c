/** One HTTP answer: the head without its empty line, and the body with any chunking taken off. */
export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

type State = 'head' | 'counted' | 'chunks' | 'stream';

const headEnd = Buffer.from('\r\n\r\n');
const nothing = Buffer.alloc(0);

/**
 * Reads the answers on one kept-alive HTTP/1.1 connection, one after the other, with as little work as measuring needs:
 * no trailers, no compression, no answers to HEAD. Answers without a length are told of by `endOfInput`.
 */
export class AnswerReader {
  readonly #told: (answer: Answer) => void;
  #state: State = 'head';
  #status = 0;
  #head = '';
  #rest: Buffer = nothing;
  #body: Buffer[] = [];
  /** Bytes still due of the counted body, or of the chunk under way with its line end; -1 where a size comes next. */
  #due = 0;

  constructor(told: (answer: Answer) => void) {
    this.#told = told;
  }

  push(input: Buffer): void {
    let data = this.#rest.length === 0 ? input : Buffer.concat([this.#rest, input]);
    this.#rest = nothing;
    while (data.length > 0) {
      const left = this.#take(data);
      if (left === null) {
        this.#rest = data;
        return;
      }
      data = left;
    }
  }

  endOfInput(): void {
    if (this.#state === 'stream') this.#finish();
  }

  /** What is left after the next piece; null when that piece is not whole yet. */
  #take(data: Buffer): Buffer | null {
    switch (this.#state) {
      case 'head':
        return this.#takeHead(data);
      case 'counted':
        return this.#takeCounted(data);
      case 'chunks':
        return this.#takeChunk(data);
      case 'stream':
        this.#body.push(data);
        return nothing;
    }
  }

  #takeHead(data: Buffer): Buffer | null {
    const end = data.indexOf(headEnd);
    if (end < 0) return null;
    const rest = data.subarray(end + headEnd.length);
    this.#head = data.toString('latin1', 0, end);
    this.#status = Number(this.#head.slice(9, 12));
    if (this.#status >= 100 && this.#status < 200) return rest;
    const length = valueOf(this.#head, 'content-length');
    if (this.#status === 204 || this.#status === 304 || length === '0') this.#finish();
    else if (length !== null) this.#expect('counted', Number(length));
    else if (valueOf(this.#head, 'transfer-encoding') === 'chunked') this.#expect('chunks', -1);
    else this.#expect('stream', 0);
    return rest;
  }

  #expect(state: State, due: number): void {
    this.#state = state;
    this.#due = due;
  }

  #takeCounted(data: Buffer): Buffer {
    const part = data.subarray(0, this.#due);
    this.#body.push(part);
    this.#due -= part.length;
    if (this.#due === 0) this.#finish();
    return data.subarray(part.length);
  }

  #takeChunk(data: Buffer): Buffer | null {
    if (this.#due < 0) {
      const line = data.indexOf(10);
      if (line < 0) return null;
      const size = Number.parseInt(data.toString('latin1', 0, line), 16);
      if (size > 0) {
        this.#due = size + 2;
        return data.subarray(line + 1);
      }
      if (data.length < line + 3) return null;
      this.#finish();
      return data.subarray(line + 3);
    }
    const part = data.subarray(0, this.#due);
    const content = Math.min(part.length, Math.max(0, this.#due - 2));
    if (content > 0) this.#body.push(part.subarray(0, content));
    this.#due -= part.length;
    if (this.#due === 0) this.#due = -1;
    return data.subarray(part.length);
  }

  #finish(): void {
    const [only = nothing] = this.#body;
    const body = this.#body.length > 1 ? Buffer.concat(this.#body) : only;
    this.#body = [];
    this.#state = 'head';
    this.#told({ status: this.#status, head: this.#head, body });
  }
}

/** The value of a header, its name given in lower case; null when it is not there. */
export function valueOf(head: string, name: string): string | null {
  const at = head.toLowerCase().indexOf(`\r\n${name}:`);
  if (at < 0) return null;
  const end = head.indexOf('\r\n', at + 2);
  return head.slice(at + name.length + 3, end < 0 ? head.length : end).trim();
}
