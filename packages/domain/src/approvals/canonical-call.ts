// What an approval is bound to: a request as a text that is the same however its keys are ordered and spaced, and another
// one for anything that a server could read in another way: numbers keep their digits, and keys that come twice both count.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { walkArray, walkObject } from '@mcpvault/protocol/jsonrpc/scan';

/** Longer params are taken as the bytes they are: putting them in order would hold up everybody else. */
const orderedBelow = 256 * 1024;
/** Nested deeper than any bound allows nothing gets here. */
const deepest = 100_000;

/**
 * `target` is what the request is about, by the name that its server uses. `_meta` is left out, since it differs with each
 * sending, and so are the members named in `without`.
 */
export function canonicalCall(message: Message, target: string | null, without: ReadonlySet<string> = none): string {
  const { method, params, text, marks } = message;
  const head = JSON.stringify([method, target]);
  if (params === null) return head;
  if (text.charCodeAt(params.start) !== openBrace) return `${head}${valueAt(message, params.start, params.end)}`;
  const members: [string, string][] = [];
  const isLong = params.end - params.start > orderedBelow;
  walkObject(text, params.start, deepest, (key, _keyStart, start, end) => {
    if (key === '_meta' || without.has(key) || start === marks.target?.start) return;
    members.push([key, isLong ? message.textAt({ start, end }) : valueAt(message, start, end)]);
  });
  return `${head}${objectOf(members)}`;
}

const none: ReadonlySet<string> = new Set();
const quote = 34;
const openBracket = 91;
const openBrace = 123;

function valueAt(message: Message, start: number, end: number): string {
  const { text } = message;
  switch (text.charCodeAt(start)) {
    case quote:
      return JSON.stringify(JSON.parse(message.textAt({ start, end })));
    case openBracket: {
      const elements: string[] = [];
      walkArray(text, start, deepest, (_index, from, to) => elements.push(valueAt(message, from, to)));
      return `[${elements.join(',')}]`;
    }
    case openBrace: {
      const members: [string, string][] = [];
      walkObject(text, start, deepest, (key, _keyStart, from, to) => members.push([key, valueAt(message, from, to)]));
      return objectOf(members);
    }
    default:
      return text.slice(start, end);
  }
}

/** Of keys that come twice the order stays, for servers differ in which they take. */
function objectOf(members: readonly (readonly [string, string])[]): string {
  const ordered = members.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${ordered.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}
