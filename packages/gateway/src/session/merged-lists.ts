// Puts the lists of several servers together as one, element by element as the servers wrote them; only names change.
import { mergedName } from '@mcpvault/domain/catalog/naming';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { walkArray } from '@mcpvault/protocol/jsonrpc/scan';

export interface ListKind {
  readonly method: string;
  /** Which member of the result holds the elements. */
  readonly member: string;
  /** What a server must declare to be asked. */
  readonly capability: 'tools' | 'prompts' | 'resources';
  /** Elements are known by this member. */
  readonly key: 'name' | 'uri' | 'uriTemplate';
}

export const listKinds: readonly ListKind[] = [
  { method: 'tools/list', member: 'tools', capability: 'tools', key: 'name' },
  { method: 'prompts/list', member: 'prompts', capability: 'prompts', key: 'name' },
  { method: 'resources/list', member: 'resources', capability: 'resources', key: 'uri' },
  { method: 'resources/templates/list', member: 'resourceTemplates', capability: 'resources', key: 'uriTemplate' },
];

export interface ListElement {
  /** What the server calls it. */
  readonly key: string;
  /** What the merged endpoint calls it; the same for resources. */
  readonly shown: string;
  /** The element's JSON text as the merged endpoint shows it. */
  readonly text: string;
}

/** The elements of one page of one server's list. Elements without a readable key are left out. */
export function elementsOf(kind: ListKind, server: string, page: Message): ListElement[] {
  const { result, text } = page;
  if (result === null) return [];
  const array = memberAt(text, result, kind.member);
  if (array === null || text.charCodeAt(array.start) !== 91) return [];
  const elements: ListElement[] = [];
  walkArray(text, array.start, Number.POSITIVE_INFINITY, (_index, start, end) => {
    const span = memberAt(text, { start, end }, kind.key);
    const key = span === null ? null : page.valueAt(span);
    if (span === null || typeof key !== 'string') return;
    if (kind.key !== 'name') return void elements.push({ key, shown: key, text: page.textAt({ start, end }) });
    const shown = mergedName(server, key);
    const before = page.textAt({ start, end: span.start });
    elements.push({ key, shown, text: `${before}${JSON.stringify(shown)}${page.textAt({ start: span.end, end })}` });
  });
  return elements;
}

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
