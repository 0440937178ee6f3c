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
  const array = memberAt(text, result, member);
  if (array === null || text.charCodeAt(array.start) !== 91) return null;
  const keep = (start: number, end: number): boolean => {
    if (method !== 'tools/list') return false;
    const name = memberAt(text, { start, end }, 'name');
    return name !== null && tools.has(String(exchange.message.valueAt(name)));
  };
  const edits = cutElements(text, array.start, keep);
  return edits.length === 0 ? null : { kind: 'edits', edits };
};

/** Cuts the elements of the array at `at` that are not kept, each run of them with the comma that would be left over. */
export function cutElements(text: string, at: number, keep: (start: number, end: number) => boolean): readonly Edit[] {
  const edits: Edit[] = [];
  let keptEnd: number | null = null;
  let run: { start: number; end: number } | null = null;
  walkArray(text, at, Number.POSITIVE_INFINITY, (_index, start, end) => {
    if (!keep(start, end)) {
      run = { start: run?.start ?? keptEnd ?? start, end };
      return;
    }
    if (run !== null) edits.push(cut(run.start, keptEnd === null ? start : run.end));
    run = null;
    keptEnd = end;
  });
  const last = run as { start: number; end: number } | null;
  if (last !== null) edits.push(cut(last.start, last.end));
  return edits;
}

function cut(start: number, end: number): Edit {
  const reason = 'not granted to this caller';
  return { start, end, replacement: '', layer: 'hub', policy: null, reason, detector: null };
}

export const present: Stage = {
  name: 'present',
  decides: 'what of a listing this caller may see',
  layers: ['hub', 'workstation'],
  result,
};
