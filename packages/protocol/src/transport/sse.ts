// Server-sent events, both ways: a parser that takes chunks as they come, and an encoder. Bytes of `data` pass unharmed;
// a line break inside data travels as another data line, as the format wants it.

export interface SseEvent {
  /** null when the event carried no id of its own. */
  readonly id: string | null;
  /** `message` unless named. */
  readonly event: string;
  /** Empty for priming events. */
  readonly data: Buffer;
  /** Milliseconds the sender asks to wait before reconnecting; null when it did not say. */
  readonly retry: number | null;
}

/** One event grew past the bound given to the parser. */
export class SseTooLarge extends Error {
  constructor(limit: number) {
    super(`an event is larger than ${limit} bytes`);
    this.name = 'SseTooLarge';
  }
}

const LF = 10;
const CR = 13;
const lineBreak = Buffer.from('\n');

export class SseParser {
  readonly #emit: (event: SseEvent) => void;
  readonly #limit: number;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #data: Buffer[] = [];
  #dataBytes = 0;
  #id: string | null = null;
  #event = '';
  #retry: number | null = null;
  #seen = false;
  #first = true;
  #skipLineFeed = false;

  constructor(emit: (event: SseEvent) => void, limit: number) {
    this.#emit = emit;
    this.#limit = limit;
  }

  /** Emits every event that `chunk` completes. Throws `SseTooLarge`. */
  push(chunk: Buffer): void {
    let from = 0;
    if (this.#skipLineFeed && chunk.length > 0) {
      this.#skipLineFeed = false;
      if (chunk[0] === LF) from = 1;
    }
    let lineFeed = chunk.indexOf(LF, from);
    for (;;) {
      if (lineFeed >= 0 && lineFeed < from) lineFeed = chunk.indexOf(LF, from);
      const carriageReturn = chunk.subarray(from, lineFeed < 0 ? chunk.length : lineFeed).indexOf(CR);
      const end = carriageReturn < 0 ? lineFeed : from + carriageReturn;
      if (end < 0) break;
      const line = this.#take(chunk.subarray(from, end));
      from = end + 1;
      if (chunk[end] === CR) {
        if (from < chunk.length) {
          if (chunk[from] === LF) from++;
        } else this.#skipLineFeed = true;
      }
      this.#line(line);
    }
    if (from < chunk.length) {
      const rest = chunk.subarray(from);
      this.#rest.push(rest);
      this.#restBytes += rest.length;
      if (this.#restBytes + this.#dataBytes > this.#limit) throw new SseTooLarge(this.#limit);
    }
  }

  #take(last: Buffer): Buffer {
    if (this.#rest.length === 0) return last;
    this.#rest.push(last);
    const line = Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    return line;
  }

  #line(bytes: Buffer): void {
    let line = bytes;
    if (this.#first) {
      this.#first = false;
      if (line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf) line = line.subarray(3);
    }
    if (line.length === 0) return this.#dispatch();
    const colon = line.indexOf(58);
    if (colon === 0) return;
    const field = line.toString('latin1', 0, colon < 0 ? line.length : colon);
    const value =
      colon < 0 ? line.subarray(line.length) : line.subarray(line[colon + 1] === 32 ? colon + 2 : colon + 1);
    this.#field(field, value);
  }

  #field(field: string, value: Buffer): void {
    switch (field) {
      case 'data':
        if (this.#data.length > 0) this.#data.push(lineBreak);
        this.#data.push(value);
        this.#dataBytes += value.length + 1;
        if (this.#dataBytes > this.#limit) throw new SseTooLarge(this.#limit);
        break;
      case 'id':
        if (!value.includes(0)) this.#id = value.toString('utf8');
        break;
      case 'event':
        this.#event = value.toString('utf8');
        break;
      case 'retry': {
        const retry = value.toString('latin1');
        if (/^\d{1,9}$/.test(retry)) this.#retry = Number(retry);
        break;
      }
      default:
        return;
    }
    this.#seen = true;
  }

  #dispatch(): void {
    if (!this.#seen) return;
    const [only] = this.#data;
    const data = this.#data.length === 1 && only !== undefined ? only : Buffer.concat(this.#data);
    const event: SseEvent = { id: this.#id, event: this.#event || 'message', data, retry: this.#retry };
    this.#data = [];
    this.#dataBytes = 0;
    this.#id = null;
    this.#event = '';
    this.#retry = null;
    this.#seen = false;
    this.#emit(event);
  }
}

const dataPrefix = Buffer.from('data: ');
const eventEnd = Buffer.from('\n\n');

/** One event as it goes on the wire. */
export function encodeSse(data: Buffer, id: string | null = null, retry: number | null = null): Buffer {
  const head = `${id === null ? '' : `id: ${id}\n`}${retry === null ? '' : `retry: ${retry}\n`}event: message\n`;
  const parts: Buffer[] = [Buffer.from(head)];
  for (const line of linesOf(data)) parts.push(dataPrefix, line, lineBreak);
  parts[parts.length - 1] = eventEnd;
  return Buffer.concat(parts);
}

function linesOf(data: Buffer): readonly Buffer[] {
  if (!data.includes(LF) && !data.includes(CR)) return [data];
  const lines: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== LF && data[at] !== CR) continue;
    lines.push(data.subarray(from, at));
    if (data[at] === CR && data[at + 1] === LF) at++;
    from = at + 1;
  }
  lines.push(data.subarray(from));
  return lines;
}
