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
  walkArray(text, array.start, 1000, (_index, start, end) => {
    if (text.charCodeAt(start) !== 123) return;
    const span = memberAt(text, { start, end }, kind.key);
    if (span === null) return;
    const key = page.valueAt(span);
    if (typeof key !== 'string') return;
    const whole = page.textAt({ start, end });
    if (kind.key !== 'name') return void elements.push({ key, shown: key, text: whole });
    const shown = mergedName(server, key);
    const renamed = `${page.textAt({ start, end: span.start })}${JSON.stringify(shown)}${page.textAt({ start: span.end, end })}`;
    elements.push({ key, shown, text: renamed });
  });
  return elements;
}

/** Whether a URI could come from a template such as `file:///{path}`. */
export function matchesTemplate(template: string, uri: string): boolean {
  let at = 0;
  const literals = template.split(/\{[^{}]*\}/);
  for (const [index, literal] of literals.entries()) {
    const found = index === 0 ? (uri.startsWith(literal) ? 0 : -1) : uri.indexOf(literal, at);
    if (found < 0) return false;
    at = found + literal.length;
  }
  const last = literals.at(-1) ?? '';
  return last === '' || uri.endsWith(last);
}
