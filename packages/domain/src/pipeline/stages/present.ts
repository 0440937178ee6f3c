import { memberAt } from '@mcpvault/protocol/jsonrpc/message';
import { walkArray } from '@mcpvault/protocol/jsonrpc/scan';
import type { Edit } from '../../redaction/edit.ts';
import type { Judge, Stage } from '../stage.ts';

/** Which member of a listing's result holds its entries. */
const listings: Readonly<Record<string, string>> = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
};

/** What a caller may not use is not listed. */
const result: Judge = (exchange, facts) => {
  const { tools } = facts;
  const method = exchange.answers?.method;
  if (tools === null || method == null || exchange.message.result === null) return null;
  const member = listings[method];
  if (member === undefined) return null;
  const { text, result } = exchange.message;
  const array = memberAt(text, result, member, 200);
  if (array === null || text.charCodeAt(array.start) !== 91) return null;
  const keep = (start: number, end: number): boolean => {
    if (method !== 'tools/list') return false;
    const name = memberAt(text, { start, end }, 'name', 200);
    return name !== null && tools.has(String(exchange.message.valueAt(name)));
  };
  const edits = cutElements(text, array.start, keep);
  return edits.length === 0 ? null : { kind: 'edits', edits };
};

/** Cuts the elements that are not kept, each with the comma that would be left over. */
export function cutElements(text: string, at: number, keep: (start: number, end: number) => boolean): readonly Edit[] {
  const elements: { start: number; end: number; kept: boolean }[] = [];
  walkArray(text, at, 200, (_index, start, end) => elements.push({ start, end, kept: keep(start, end) }));
  const edits: Edit[] = [];
  let keptBefore = false;
  elements.forEach((element, index) => {
    if (element.kept) {
      keptBefore = true;
      return;
    }
    const start = keptBefore ? (elements[index - 1]?.end ?? element.start) : element.start;
    const end = keptBefore ? element.end : (elements[index + 1]?.start ?? element.end);
    edits.push({
      start,
      end,
      replacement: '',
      layer: 'hub',
      policy: null,
      reason: 'not granted to this caller',
      detector: null,
    });
  });
  return edits;
}

export const present: Stage = {
  name: 'present',
  decides: 'what of a listing this caller may see',
  layers: ['hub', 'workstation'],
  result,
};
