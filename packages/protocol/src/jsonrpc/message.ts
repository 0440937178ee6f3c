// One JSON-RPC message as the bytes it came in as, with the few places marked that a carrier must know. What nobody reads
// is never parsed, and what nobody changes leaves as the bytes it was.
import { isAscii, isUtf8 } from 'node:buffer';
import { byteText } from './byte-text.ts';
import { spelledOtherwise, type Spellings, spellings } from './other-letters.ts';
import { isJson } from './proves-json.ts';
import { longestStringOf, ScanError, type Span, skipSpace, walkObject } from './scan.ts';

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
   * `strict` also proves that every byte is valid JSON, and that no member is a known one in other letters, for what
   * clients send: the verdict and the server must read the same text in the same way. `structure` walks objects, arrays and
   * strings only, for what servers answer.
   */
  readonly check: 'strict' | 'structure';
}

/** What carriers read of `params`. */
export interface ParamMarks {
  /** `name`, `uri` or `taskId`, whichever the method goes by. */
  readonly target: Span | null;
  readonly arguments: Span | null;
  readonly meta: Span | null;
  /** Of requests: the one in `_meta`. Of `notifications/progress`: the one it reports to. */
  readonly progressToken: Span | null;
  /** Of `notifications/cancelled`. */
  readonly requestId: Span | null;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Marks = Writable<Record<'id' | 'method' | 'params' | 'result' | 'error', Span | null>>;

const noMarks: ParamMarks = { target: null, arguments: null, meta: null, progressToken: null, requestId: null };

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
  readonly marks: ParamMarks;
  #json: unknown;

  constructor(raw: Buffer, text: string, kind: MessageKind, read: Read, json: unknown) {
    this.raw = raw;
    this.text = text;
    this.kind = kind;
    this.id = read.id;
    this.idSpan = read.idSpan;
    this.method = read.method;
    this.params = read.params;
    this.result = read.result;
    this.error = read.error;
    this.marks = read.marks;
    this.#json = json;
  }

  /**
   * The whole message as a value, parsed at first need. Numbers lose what JavaScript cannot hold: judge by it, never
   * re-serialise it. Throws `MalformedMessage` for an answer that was checked by structure only and is no JSON.
   */
  get json(): Record<string, unknown> {
    if (this.#json === undefined) this.#json = parsed(utf8(this.raw, this.text));
    return this.#json as Record<string, unknown>;
  }

  /** The value at a span, parsed. Throws `MalformedMessage` as `json` does. */
  valueAt(span: Span): unknown {
    return parsed(this.textAt(span));
  }

  /** The string, number or truth value at a span; null for anything else, which is never built, however large it is. */
  scalarAt(span: Span): string | number | boolean | null {
    const first = this.text.charCodeAt(span.start);
    return first === 123 || first === 91 ? null : (this.valueAt(span) as string | number | boolean | null);
  }

  /** The exact JSON text at a span. */
  textAt(span: Span): string {
    return this.raw.toString('utf8', span.start, span.end);
  }

  /** The tool or prompt name, or resource URI, or task id that the request is about; null when it names none by a string. */
  get target(): string | null {
    const span = this.marks.target;
    return span === null ? null : stringAt(this.raw, this.text, span);
  }

  /** The same answer under another id (JSON text of a string or number). */
  withId(id: string): Message {
    const old = this.idSpan;
    if (old === null) return this;
    const raw = Buffer.concat([this.raw.subarray(0, old.start), Buffer.from(id), this.raw.subarray(old.end)]);
    const idSpan = { start: old.start, end: old.end + raw.length - this.raw.length };
    const by = idSpan.end - old.end;
    const moved = (span: Span | null): Span | null =>
      span === null || span.start < old.start ? span : { start: span.start + by, end: span.end + by };
    const { marks } = this;
    const read: Read = {
      id: JSON.parse(id) as RequestId,
      idSpan,
      method: this.method,
      params: moved(this.params),
      result: moved(this.result),
      error: moved(this.error),
      marks:
        marks === noMarks
          ? noMarks
          : {
              target: moved(marks.target),
              arguments: moved(marks.arguments),
              meta: moved(marks.meta),
              progressToken: moved(marks.progressToken),
              requestId: moved(marks.requestId),
            },
    };
    return new Message(raw, byteText(raw), this.kind, read, undefined);
  }
}

/** What reading the envelope gave. */
interface Read {
  readonly id: RequestId | null;
  readonly idSpan: Span | null;
  readonly method: string | null;
  readonly params: Span | null;
  readonly result: Span | null;
  readonly error: Span | null;
  readonly marks: ParamMarks;
}

/** Reads one message. Throws `MalformedMessage`, and nothing else. */
export function parseMessage(raw: Buffer, limits: ParseLimits): Message {
  if (!isUtf8(raw)) throw new MalformedMessage('not_json', 'the message is not valid UTF-8');
  const text = byteText(raw);
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) === 91) throw new MalformedMessage('batch', 'batches of messages are not accepted');
  const strict = limits.check === 'strict';
  const marks = markEnvelope(raw, text, start, limits.maxDepth, strict);
  const json = strict ? proven(raw, text) : undefined;
  const kind = kindOf(marks, text);
  const method = marks.method === null ? null : stringAt(raw, text, marks.method);
  if (marks.method !== null && method === null) throw new MalformedMessage('not_jsonrpc', 'a method must be a string');
  const read: Read = {
    id: marks.id === null ? null : idAt(raw, text, marks.id),
    idSpan: marks.id,
    method,
    params: marks.params,
    result: marks.result,
    error: marks.error,
    marks: method === null ? noMarks : markParams(text, kind, method, marks.params, limits.maxDepth - 1, strict),
  };
  return new Message(raw, text, kind, read, json);
}

function markEnvelope(raw: Buffer, text: string, start: number, maxDepth: number, strict: boolean): Marks {
  const marks: Marks = { id: null, method: null, params: null, result: null, error: null };
  let version = false;
  try {
    const end = walkObject(text, start, maxDepth, (key, _keyStart, valueStart, valueEnd) => {
      switch (key) {
        case 'id':
        case 'method':
        case 'params':
        case 'result':
        case 'error':
          if (marks[key] !== null) throw new MalformedMessage('not_jsonrpc', `the member "${key}" appears twice`);
          marks[key] = { start: valueStart, end: valueEnd };
          break;
        case 'jsonrpc':
          if (version || !isVersion(text, valueStart, valueEnd)) throw wrongVersion();
          version = true;
          break;
        default:
          if (strict) demandDistinct(key, envelopeMembers);
      }
    });
    if (skipSpace(text, end) < text.length) throw new ScanError('something follows the message');
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    if (error.tooDeep) throw new MalformedMessage('too_deep', `the message is nested deeper than ${maxDepth} levels`);
    throw new MalformedMessage(
      looksLikeJson(raw, text) ? 'not_jsonrpc' : 'not_json',
      `not a message: ${error.message}`,
    );
  }
  if (!version) throw wrongVersion();
  return marks;
}

const envelopeMembers = spellings(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);

function demandDistinct(key: string, known: Spellings): void {
  const name = spelledOtherwise(key, known);
  if (name !== null) throw new MalformedMessage('not_jsonrpc', `a member is "${name}" in other letters`);
}

function isVersion(text: string, start: number, end: number): boolean {
  return (end - start === 5 && text.startsWith('"2.0"', start)) || unescaped(text.slice(start, end)) === '2.0';
}

function unescaped(text: string): unknown {
  if (!text.includes('\\')) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function wrongVersion(): MalformedMessage {
  return new MalformedMessage('not_jsonrpc', 'the member "jsonrpc" must be "2.0", once');
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

/** Also settles what null stands for: no id in an error answer, and the empty half of an answer that spells out both. */
function kindOf(marks: Marks, text: string): MessageKind {
  if (marks.method !== null) {
    if (marks.result !== null || marks.error !== null) {
      throw new MalformedMessage('not_jsonrpc', 'a message cannot be a request and an answer at once');
    }
    if (marks.id === null) return 'notification';
    if (isNull(text, marks.id)) throw new MalformedMessage('not_jsonrpc', 'the id of a request cannot be null');
    return 'request';
  }
  if (marks.id !== null && isNull(text, marks.id)) marks.id = null;
  if (marks.result !== null && marks.error !== null) {
    if (isNull(text, marks.error)) marks.error = null;
    else if (isNull(text, marks.result)) marks.result = null;
    else throw new MalformedMessage('not_jsonrpc', 'an answer cannot be a result and an error at once');
  }
  if (marks.error !== null) return 'error';
  if (marks.result === null) {
    throw new MalformedMessage('not_jsonrpc', 'a message needs a method, a result or an error');
  }
  if (marks.id === null) throw new MalformedMessage('not_jsonrpc', 'a result needs the id of its request');
  return 'result';
}

function isNull(text: string, span: Span): boolean {
  return span.end - span.start === 4 && text.startsWith('null', span.start);
}

function markParams(
  text: string,
  kind: MessageKind,
  method: string,
  params: Span | null,
  maxDepth: number,
  strict: boolean,
): ParamMarks {
  if (params === null || text.charCodeAt(params.start) !== 123) return noMarks;
  const marks: Writable<ParamMarks> = { ...noMarks };
  const targetKey = targetKeyOf(method);
  const known = strict && aboutTargets.test(method) ? judgedParams[targetKey] : null;
  const set = (slot: keyof ParamMarks, key: string, start: number, end: number): void => {
    if (marks[slot] !== null) throw appearsTwice(key);
    marks[slot] = { start, end };
  };
  walkMarked(text, params.start, maxDepth, (key, _keyStart, start, end) => {
    if (key === targetKey) set('target', key, start, end);
    else if (key === '_meta') set('meta', key, start, end);
    else if (key === 'arguments') set('arguments', key, start, end);
    else if (key === 'requestId') set('requestId', key, start, end);
    else if (key === 'progressToken' && kind === 'notification') set('progressToken', key, start, end);
    else if (known !== null) demandDistinct(key, known);
  });
  if (kind === 'request' && marks.meta !== null) {
    marks.progressToken = memberAt(text, marks.meta, 'progressToken');
  }
  return marks;
}

/** Methods whose params decide what may be done; those of others pass as they are. */
const aboutTargets = /^(tools|prompts|resources|tasks|completion)\//;
/** By the target's key. */
const judgedParams = {
  name: spellings(['name', 'arguments', '_meta', 'ref']),
  uri: spellings(['uri', '_meta']),
  taskId: spellings(['taskId', '_meta']),
};

/** Which member of params says what a request is about: the name that also goes into the `Mcp-Name` header. */
function targetKeyOf(method: string): 'name' | 'uri' | 'taskId' {
  if (method.startsWith('resources/') || method === 'notifications/resources/updated') return 'uri';
  return method.startsWith('tasks/') ? 'taskId' : 'name';
}

/**
 * Where the value of one member of the object at `span` of a message lies; null when it has none or is no object.
 * Throws `MalformedMessage` when the member appears twice, or when the text cannot be walked.
 */
export function memberAt(text: string, span: Span, name: string): Span | null {
  if (text.charCodeAt(span.start) !== 123) return null;
  let found: Span | null = null;
  // How deep it goes was bounded when the message was read.
  walkMarked(text, span.start, Number.POSITIVE_INFINITY, (key, _keyStart, start, end) => {
    if (key !== name) return;
    if (found !== null) throw appearsTwice(name);
    found = { start, end };
  });
  return found;
}

function appearsTwice(key: string): MalformedMessage {
  return new MalformedMessage('not_jsonrpc', `the member "${key}" appears twice`);
}

/** As `walkObject`, for readers of messages: what cannot be walked is malformed. */
function walkMarked(...walk: Parameters<typeof walkObject>): void {
  try {
    walkObject(...walk);
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    throw new MalformedMessage(error.tooDeep ? 'too_deep' : 'not_json', `not a message: ${error.message}`);
  }
}

function idAt(raw: Buffer, text: string, span: Span): RequestId {
  const id = text.charCodeAt(span.start) === 34 ? stringAt(raw, text, span) : numberAt(text, span);
  if (id === null) {
    throw new MalformedMessage('not_jsonrpc', 'an id must be a string or a whole number that is not beyond 2^53');
  }
  return id;
}

function numberAt(text: string, span: Span): number | null {
  const written = text.slice(span.start, span.end);
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(written)) return null;
  const number = Number(written);
  return Number.isSafeInteger(number) ? number : null;
}

/** null when there is no string at the span, or one with a broken escape. */
function stringAt(raw: Buffer, text: string, span: Span): string | null {
  if (text.charCodeAt(span.start) !== 34) return null;
  const inner = text.slice(span.start + 1, span.end - 1);
  if (!/[\\\x80-\xff]/.test(inner)) return inner;
  try {
    return JSON.parse(raw.toString('utf8', span.start, span.end)) as string;
  } catch {
    return null;
  }
}

/** Up to so many bytes the engine's parser is the faster proof, and what it built is kept for whoever asks for it. */
const parsedBelow = 64 * 1024;

/** undefined where it was proven without being built, or what was built is too large to be kept. */
function proven(raw: Buffer, text: string): unknown {
  if (raw.length <= parsedBelow) return parsed(utf8(raw, text));
  // A long string costs the parser little more than its own size; many values cost ten times theirs.
  if (raw.length - longestStringOf(text) <= parsedBelow) parsed(utf8(raw, text));
  else if (!isJson(text)) throw new MalformedMessage('not_json', notJson);
  return undefined;
}

const notJson = 'the message is not valid JSON';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedMessage('not_json', notJson);
  }
}

function utf8(raw: Buffer, text: string): string {
  return isAscii(raw) ? text : raw.toString('utf8');
}
