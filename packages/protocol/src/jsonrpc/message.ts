// One JSON-RPC message as the bytes it came in as, with the few places marked that a carrier must know. What nobody reads
// is never parsed, and what nobody changes leaves as the bytes it was.
import { isAscii, isUtf8 } from 'node:buffer';
import { ScanError, type Span, skipSpace, walkObject } from './scan.ts';

export type RequestId = string | number;
export type MessageKind = 'request' | 'notification' | 'result' | 'error';

export type MalformedKind = 'not_json' | 'not_jsonrpc' | 'too_deep' | 'batch';

/** A text that is no JSON-RPC message of ours; `kind` says in which way. */
export class MalformedMessage extends Error {
  readonly kind: MalformedKind;
  constructor(kind: MalformedKind, message: string) {
    super(message);
    this.name = 'MalformedMessage';
    this.kind = kind;
  }
}

export interface ParseLimits {
  readonly maxDepth: number;
  /**
   * `strict` also proves that every byte is valid JSON, for what clients send: the verdict and the server must read the
   * same text. `structure` walks objects, arrays and strings only, for what servers answer.
   */
  readonly check: 'strict' | 'structure';
}

interface Marks {
  id: Span | null;
  method: Span | null;
  params: Span | null;
  result: Span | null;
  error: Span | null;
}

export class Message {
  readonly raw: Buffer;
  /** The latin1 view of `raw`: offsets in it are byte offsets. */
  readonly text: string;
  readonly kind: MessageKind;
  /** null for notifications, and for error answers to requests that could not be read. */
  readonly id: RequestId | null;
  readonly idSpan: Span | null;
  /** Of requests and notifications; null for answers. */
  readonly method: string | null;
  readonly params: Span | null;
  readonly result: Span | null;
  readonly error: Span | null;
  #json: unknown;
  #params: ParamMarks | null = null;
  readonly #maxDepth: number;

  constructor(raw: Buffer, text: string, marks: Marks, maxDepth: number) {
    this.raw = raw;
    this.text = text;
    this.#maxDepth = maxDepth;
    this.idSpan = marks.id;
    this.id = marks.id === null ? null : readId(raw, text, marks.id);
    this.params = marks.params;
    this.result = marks.result;
    this.error = marks.error;
    if (marks.method !== null) {
      this.method = readString(raw, text, marks.method, 'method');
      this.kind = marks.id === null ? 'notification' : 'request';
    } else {
      this.method = null;
      this.kind = marks.result !== null ? 'result' : 'error';
    }
  }

  /** The whole message as a value, parsed at first need. Numbers lose what JavaScript cannot hold: judge by it, never re-serialise it. */
  get json(): Record<string, unknown> {
    if (this.#json === undefined) this.#json = JSON.parse(utf8(this.raw, this.text));
    return this.#json as Record<string, unknown>;
  }

  /** The value at a span, parsed. */
  valueAt(span: Span): unknown {
    return JSON.parse(this.raw.toString('utf8', span.start, span.end));
  }

  /** The exact JSON text at a span. */
  textAt(span: Span): string {
    return this.raw.toString('utf8', span.start, span.end);
  }

  /** What carriers read of `params`, found at first need. */
  get marks(): ParamMarks {
    this.#params ??= markParams(this, this.#maxDepth);
    return this.#params;
  }

  /** The tool or prompt name, or resource URI, or task id that the request is about; null when it names none. */
  get target(): string | null {
    const span = this.marks.target;
    return span === null ? null : readString(this.raw, this.text, span, 'params');
  }

  /** The same message under another id (JSON text of a string or number). */
  withId(id: string): Message {
    const old = this.idSpan;
    if (old === null) return this;
    const raw = Buffer.concat([this.raw.subarray(0, old.start), Buffer.from(id), this.raw.subarray(old.end)]);
    const shift = raw.length - this.raw.length;
    const moved = (span: Span | null): Span | null =>
      span === null || span.start < old.start ? span : { start: span.start + shift, end: span.end + shift };
    return new Message(
      raw,
      raw.toString('latin1'),
      {
        id: { start: old.start, end: old.end + shift },
        method: this.method === null ? null : moved(this.#methodSpan()),
        params: moved(this.params),
        result: moved(this.result),
        error: moved(this.error),
      },
      this.#maxDepth,
    );
  }

  #methodSpan(): Span {
    let found: Span | null = null;
    walkObject(this.text, skipSpace(this.text, 0), this.#maxDepth, (key, _at, start, end) => {
      if (key === 'method') found = { start, end };
    });
    if (found === null) throw new MalformedMessage('not_jsonrpc', 'the method is missing');
    return found;
  }
}

/** Where in `params` the things lie that carriers read or change per hop. */
export interface ParamMarks {
  /** `name`, `uri` or `taskId`, whichever the method goes by. */
  readonly target: Span | null;
  readonly arguments: Span | null;
  readonly meta: Span | null;
  readonly progressToken: Span | null;
  /** Of `notifications/cancelled`. */
  readonly requestId: Span | null;
}

const noMarks: ParamMarks = { target: null, arguments: null, meta: null, progressToken: null, requestId: null };

/** Reads one message. Throws `MalformedMessage`. */
export function parseMessage(raw: Buffer, limits: ParseLimits): Message {
  if (!isUtf8(raw)) throw new MalformedMessage('not_json', 'the message is not valid UTF-8');
  const text = raw.toString('latin1');
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) === 91) throw new MalformedMessage('batch', 'batches of messages are not accepted');
  const marks = markEnvelope(raw, text, start, limits);
  if (limits.check === 'strict') {
    try {
      JSON.parse(utf8(raw, text));
    } catch {
      throw new MalformedMessage('not_json', 'the message is not valid JSON');
    }
  }
  if (marks.method === null && marks.result === null && marks.error === null) {
    throw new MalformedMessage('not_jsonrpc', 'a message needs a method, a result or an error');
  }
  if (marks.method !== null && (marks.result !== null || marks.error !== null)) {
    throw new MalformedMessage('not_jsonrpc', 'a message cannot be a request and an answer at once');
  }
  const message = new Message(raw, text, marks, limits.maxDepth);
  if (limits.check === 'strict' && marks.params !== null) void message.marks;
  return message;
}

function markEnvelope(raw: Buffer, text: string, start: number, limits: ParseLimits): Marks {
  const marks: Marks = { id: null, method: null, params: null, result: null, error: null };
  let version = false;
  try {
    const end = walkObject(text, start, limits.maxDepth, (key, _keyStart, valueStart, valueEnd) => {
      if (key === 'id' || key === 'method' || key === 'params' || key === 'result' || key === 'error') {
        if (marks[key] !== null) throw new MalformedMessage('not_jsonrpc', `the member "${key}" appears twice`);
        marks[key] = { start: valueStart, end: valueEnd };
      } else if (key === 'jsonrpc') {
        if (version || text.slice(valueStart, valueEnd) !== '"2.0"') {
          throw new MalformedMessage('not_jsonrpc', 'the member "jsonrpc" must be "2.0", once');
        }
        version = true;
      }
    });
    if (skipSpace(text, end) < text.length) throw new ScanError('something follows the message');
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    if (error.tooDeep) throw new MalformedMessage('too_deep', error.message);
    throw new MalformedMessage(
      looksLikeJson(raw, text) ? 'not_jsonrpc' : 'not_json',
      `not a message: ${error.message}`,
    );
  }
  if (!version) throw new MalformedMessage('not_jsonrpc', 'the member "jsonrpc" must be "2.0", once');
  if (marks.id !== null && text.charCodeAt(marks.id.start) === 110) {
    if (marks.method !== null) throw new MalformedMessage('not_jsonrpc', 'the id of a request cannot be null');
    marks.id = null;
  }
  return marks;
}

/** After a failed scan only: is it JSON of another shape, or no JSON at all? */
function looksLikeJson(raw: Buffer, text: string): boolean {
  try {
    JSON.parse(utf8(raw, text));
    return true;
  } catch {
    return false;
  }
}

function markParams(message: Message, maxDepth: number): ParamMarks {
  const { params, text } = message;
  if (params === null || text.charCodeAt(params.start) !== 123) return noMarks;
  const marks: { -readonly [K in keyof ParamMarks]: Span | null } = { ...noMarks };
  const targetKey = targetKeyOf(message.method);
  walkObject(text, params.start, maxDepth - 1, (key, _keyStart, start, end) => {
    const slot = key === targetKey ? 'target' : key === '_meta' ? 'meta' : key;
    if (
      slot === 'target' ||
      slot === 'arguments' ||
      slot === 'meta' ||
      slot === 'progressToken' ||
      slot === 'requestId'
    ) {
      if (marks[slot] !== null)
        throw new MalformedMessage('not_jsonrpc', `the member "${key}" of params appears twice`);
      marks[slot] = { start, end };
    }
  });
  if (message.kind === 'request') {
    marks.progressToken = marks.meta === null ? null : memberAt(text, marks.meta, 'progressToken', maxDepth - 2);
  }
  return marks;
}

/** Which member of params says what a request is about: the name that also goes into the `Mcp-Name` header. */
function targetKeyOf(method: string | null): 'name' | 'uri' | 'taskId' {
  if (method === null) return 'name';
  if (method.startsWith('resources/') || method === 'notifications/resources/updated') return 'uri';
  return method.startsWith('tasks/') ? 'taskId' : 'name';
}

/** Where the value of one member of the object at `span` lies; null when it has none or is no object. */
export function memberAt(text: string, span: Span, name: string, maxDepth: number): Span | null {
  if (text.charCodeAt(span.start) !== 123) return null;
  let found: Span | null = null;
  walkObject(text, span.start, maxDepth, (key, _keyStart, start, end) => {
    if (key !== name) return;
    if (found !== null) throw new MalformedMessage('not_jsonrpc', `the member "${name}" appears twice`);
    found = { start, end };
  });
  return found;
}

function readId(raw: Buffer, text: string, span: Span): RequestId {
  const c = text.charCodeAt(span.start);
  if (c === 34) return readString(raw, text, span, 'id');
  const id = Number(text.slice(span.start, span.end));
  if (!Number.isSafeInteger(id)) throw new MalformedMessage('not_jsonrpc', 'an id must be a string or a whole number');
  return id;
}

function readString(raw: Buffer, text: string, span: Span, what: string): string {
  if (text.charCodeAt(span.start) !== 34) throw new MalformedMessage('not_jsonrpc', `a string was expected in ${what}`);
  const inner = text.slice(span.start + 1, span.end - 1);
  if (!/[\\\x80-\xff]/.test(inner)) return inner;
  try {
    return JSON.parse(raw.toString('utf8', span.start, span.end)) as string;
  } catch {
    throw new MalformedMessage('not_json', `a string in ${what} has a broken escape`);
  }
}

function utf8(raw: Buffer, text: string): string {
  return isAscii(raw) ? text : raw.toString('utf8');
}
