// What one server has to offer, as the merged endpoint shows it: element by element as the server wrote them, in one piece
// of bytes that is made once and sent many times. Only names, URIs and task ids change.
import { mergedTaskId, mergedUri } from '@mcpvault/domain/catalog/merged-uri';
import { mergedName } from '@mcpvault/domain/catalog/naming';
import { renamed } from '@mcpvault/domain/catalog/rename';
import { apply } from '@mcpvault/domain/redaction/apply';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { type Span, walkArray } from '@mcpvault/protocol/jsonrpc/scan';
import { elementInMergedWords } from './merged-words.ts';

export interface ListKind {
  readonly method: string;
  /** Which member of the result holds the elements. */
  readonly member: string;
  /** What a server must declare to be asked. */
  readonly capability: 'tools' | 'prompts' | 'resources' | 'tasks';
  /** Elements are known by this member. */
  readonly key: 'name' | 'uri' | 'uriTemplate' | 'taskId';
}

const kinds = {
  tools: { method: 'tools/list', member: 'tools', capability: 'tools', key: 'name' },
  prompts: { method: 'prompts/list', member: 'prompts', capability: 'prompts', key: 'name' },
  resources: { method: 'resources/list', member: 'resources', capability: 'resources', key: 'uri' },
  templates: {
    method: 'resources/templates/list',
    member: 'resourceTemplates',
    capability: 'resources',
    key: 'uriTemplate',
  },
  tasks: { method: 'tasks/list', member: 'tasks', capability: 'tasks', key: 'taskId' },
} as const satisfies Record<string, ListKind>;

export const { tools: toolsKind, prompts: promptsKind, resources: resourcesKind, templates: templatesKind } = kinds;
export const listKinds: readonly ListKind[] = Object.values(kinds);

/** What the merged endpoint calls an element of a server. */
export function shownAs(kind: ListKind, server: string, key: string): string {
  if (kind.key === 'name') return mergedName(server, key);
  return kind.key === 'taskId' ? mergedTaskId(server, key) : mergedUri(server, key);
}

/** One server's share of a list, as one caller may see it. The elements stand in the order in which the server has them. */
export class Share {
  readonly server: string;
  /** What the server calls them. */
  readonly keys: readonly string[];
  /** What the merged endpoint calls them, each of them once. */
  readonly shown: readonly string[];
  /** The elements' JSON texts with commas between. */
  readonly bytes: Buffer;
  /** Tools that are for the server's own pages only: they are not in the list. By the server's name for them. */
  readonly kept: ReadonlySet<string>;
  readonly #ends: readonly number[];
  #places: Map<string, number> | null = null;

  constructor(server: string, elements: readonly ListElement[], kept: ReadonlySet<string>) {
    this.server = server;
    this.keys = elements.map(({ key }) => key);
    this.shown = elements.map(({ shown }) => shown);
    this.kept = kept;
    const comma = Buffer.from(',');
    this.bytes = Buffer.concat(elements.flatMap(({ bytes }, at) => (at === 0 ? [bytes] : [comma, bytes])));
    let end = -1;
    this.#ends = elements.map(({ bytes }) => (end += bytes.length + 1));
  }

  get size(): number {
    return this.keys.length;
  }

  /** Elements from `from` up to, not with, `to`. */
  slice(from: number, to: number): Buffer {
    return to <= from ? Buffer.alloc(0) : this.bytes.subarray(this.#startOf(from), this.#ends[to - 1] ?? 0);
  }

  /** Bytes of one element. */
  sizeOf(at: number): number {
    return (this.#ends[at] ?? 0) - this.#startOf(at);
  }

  /** The place of an element by what the merged endpoint calls it; -1 where there is none. */
  placeOf(shown: string): number {
    this.#places ??= new Map(this.shown.map((each, at) => [each, at]));
    return this.#places.get(shown) ?? -1;
  }

  #startOf(at: number): number {
    return at === 0 ? 0 : (this.#ends[at - 1] ?? 0) + 1;
  }
}

export interface ListElement {
  readonly key: string;
  readonly shown: string;
  readonly bytes: Buffer;
}

/** A server's share out of the pages of its list. Elements without a readable key, or with one that was there, are left out. */
export function shareOf(kind: ListKind, server: string, pages: readonly Message[]): Share {
  const elements: ListElement[] = [];
  const seen = new Set<string>();
  const kept = new Set<string>();
  for (const page of pages)
    eachElement(kind, page, (span, keySpan, key) => {
      if (kind.key === 'name' && isForPagesOnly(page, span)) return void kept.add(key);
      const shown = shownAs(kind, server, key);
      if (seen.has(shown)) return;
      seen.add(shown);
      elements.push({ key, shown, bytes: shownBytes(kind, server, page, span, keySpan, shown) });
    });
  return new Share(server, elements, kept);
}

function eachElement(kind: ListKind, page: Message, visit: (element: Span, keySpan: Span, key: string) => void): void {
  const { result, text } = page;
  const array = result === null ? null : memberAt(text, result, kind.member);
  if (array === null || text.charCodeAt(array.start) !== openBracket) return;
  walkArray(text, array.start, Number.POSITIVE_INFINITY, (_index, start, end) => {
    const span = memberAt(text, { start, end }, kind.key);
    const key = span === null ? null : page.scalarAt(span);
    if (span !== null && typeof key === 'string') visit({ start, end }, span, key);
  });
}

function shownBytes(kind: ListKind, server: string, page: Message, span: Span, keySpan: Span, shown: string): Buffer {
  const ownKey = kind.key === 'name' || kind.key === 'uriTemplate';
  const name = ownKey ? [renamed(page, keySpan, shown, '')] : [];
  const mayLink = !ownKey || /_meta|\\u/.test(page.text.slice(span.start, span.end));
  const words = mayLink ? elementInMergedWords(page, span, { server, plainUri: null }) : [];
  const edits = [...name, ...words].sort((a, b) => a.start - b.start);
  const moved = edits.map((edit) => ({ ...edit, start: edit.start - span.start, end: edit.end - span.start }));
  // A copy: the page itself is not to be held by it.
  return Buffer.from(apply(page.raw.subarray(span.start, span.end), moved));
}

/** Whether a tool is for the pages of its server, and not for models. */
function isForPagesOnly(page: Message, tool: Span): boolean {
  const { text } = page;
  const meta = memberAt(text, tool, '_meta');
  const ui = meta === null ? null : memberAt(text, meta, 'ui');
  const visibility = ui === null ? null : memberAt(text, ui, 'visibility');
  if (visibility === null || text.charCodeAt(visibility.start) !== openBracket) return false;
  const whom = page.valueAt(visibility);
  return Array.isArray(whom) && !whom.includes('model');
}

const openBracket = 91;

/** Whether a URI could come from a template such as `file:///{path}`. */
export function matchesTemplate(template: string, uri: string): boolean {
  const literals = template.split(/\{[^{}]*\}/);
  const first = literals[0] ?? '';
  const last = literals.at(-1) ?? '';
  if (literals.length === 1) return template === uri;
  if (!uri.startsWith(first) || !uri.endsWith(last) || uri.length < first.length + last.length) return false;
  let at = first.length;
  const end = uri.length - last.length;
  for (const literal of literals.slice(1, -1)) {
    const found = uri.indexOf(literal, at);
    if (found < 0 || found + literal.length > end) return false;
    at = found + literal.length;
  }
  return true;
}
