// The words of one server and those of the merged endpoint: whatever a server says of a resource, a page or a task of its
// own, it says of its own only. What a client says of them goes back in the server's own words.
import { isWebAddress, mergedTaskId, mergedUri, splitMergedUri } from '@mcpvault/domain/catalog/merged-uri';
import { renamed } from '@mcpvault/domain/catalog/rename';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { MalformedMessage, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { ScanError, type Span, walkArray, walkObject } from '@mcpvault/protocol/jsonrpc/scan';

/** Whether a message may speak of any of it; also where a member's name is written with escapes. */
const mayName = /"(?:uri|taskId|resourceUri|ui\/resourceUri)"|\\u00/;
/** What belongs to the tool and not to the protocol, whatever its members are called. */
const foreign: ReadonlySet<string> = new Set([
  'structuredContent',
  'arguments',
  'inputSchema',
  'outputSchema',
  'requestedSchema',
  'text',
  'blob',
  'data',
]);
const relatedTask = 'io.modelcontextprotocol/related-task';
/** How deep the protocol itself goes: a task's result with a message with a block with a resource. */
const mostDepth = 12;
const reason = 'known under another name at the merged endpoint';

export interface Said {
  readonly server: string;
  /** The client used this URI without saying whose it is, and gets it back like that. */
  readonly plainUri: string | null;
}

/** What must be changed in a message of a server before the client gets it. */
export function inMergedWords(message: Message, said: Said): Edit[] {
  const body = message.result ?? message.params ?? message.error;
  if (body === null || !mayName.test(message.text)) return [];
  return wordsAt(message, body, said, message.params === null ? '' : 'params');
}

/** The same for one element of a list, which is what it says. */
export function elementInMergedWords(message: Message, element: Span, said: Said): Edit[] {
  return wordsAt(message, element, said, 'contents');
}

/** Names of objects whose `uri` is the thing itself, and no link to it that a client may open elsewhere. */
const things: ReadonlySet<string> = new Set(['contents', 'params']);

function wordsAt(message: Message, span: Span, said: Said, inside: string): Edit[] {
  const edits: Edit[] = [];
  const uri = (thing: boolean) => (own: string) =>
    own === said.plainUri || (!thing && isWebAddress(own)) ? own : mergedUri(said.server, own);
  const task = (own: string) => mergedTaskId(said.server, own);
  const rename = (start: number, end: number, to: (own: string) => string): void => {
    const own = stringAt(message, { start, end });
    const shown = own === null ? null : to(own);
    if (shown !== null && shown !== own) edits.push(renamed(message, { start, end }, shown, reason));
  };
  const look = (start: number, within: string, depth: number): void => {
    if (depth > mostDepth) return;
    each(message.text, start, (key, at, end) => {
      if (key === null) look(at, within, depth + 1);
      else if (key === 'uri') rename(at, end, uri(things.has(within)));
      else if (key === 'taskId') rename(at, end, task);
      else if (key === '_meta') each(message.text, at, meta);
      else if (!foreign.has(key)) look(at, key, depth + 1);
    });
  };
  // What is in `_meta` is whoever's, but for these.
  const meta = (key: string | null, at: number, end: number): void => {
    if (key === 'ui/resourceUri') rename(at, end, uri(true));
    const [name, to] = key === 'ui' ? (['resourceUri', uri(true)] as const) : (['taskId', task] as const);
    if (key !== 'ui' && key !== relatedTask) return;
    each(message.text, at, (inner, from, till) => (inner === name ? rename(from, till, to) : undefined));
  };
  try {
    look(span.start, inside, 0);
  } catch (error) {
    // What cannot be walked is no JSON, and nobody can read a name in it.
    if (!(error instanceof ScanError)) throw error;
  }
  return edits.sort((a, b) => a.start - b.start);
}

/** The members of an object, or the elements of an array without a key; nothing of anything else. */
function each(text: string, at: number, visit: (key: string | null, start: number, end: number) => void): void {
  const first = text.charCodeAt(at);
  if (first === openBrace) {
    walkObject(text, at, Number.POSITIVE_INFINITY, (key, _keyStart, start, end) => visit(key, start, end));
  } else if (first === openBracket) {
    walkArray(text, at, Number.POSITIVE_INFINITY, (_index, start, end) => visit(null, start, end));
  }
}

/** What must be changed in the arguments of a call: a URI that a model hands back to the server it is of. */
export function inServersWords(message: Message, server: string): Edit[] {
  const span = message.marks.arguments;
  if (span === null || !message.text.includes('mcpvault')) return [];
  const edits: Edit[] = [];
  const look = (_key: string | null, start: number, end: number): void => {
    const said = stringAt(message, { start, end });
    const split = said === null ? null : splitMergedUri(said);
    if (split?.server === server) edits.push(renamed(message, { start, end }, split.uri, reason));
    else if (said === null) each(message.text, start, look);
  };
  each(message.text, span.start, look);
  return edits;
}

/** null for anything but a string, and for one with a broken escape. */
function stringAt(message: Message, span: Span): string | null {
  if (message.text.charCodeAt(span.start) !== quote) return null;
  try {
    return String(message.scalarAt(span));
  } catch (error) {
    if (error instanceof MalformedMessage) return null;
    throw error;
  }
}

const quote = 34;
const openBracket = 91;
const openBrace = 123;
