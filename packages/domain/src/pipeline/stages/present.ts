import { memberAt } from '@mcpvault/protocol/jsonrpc/message';
import { walkArray } from '@mcpvault/protocol/jsonrpc/scan';
import type { ItemKind } from '../../identity/access.ts';
import type { Edit } from '../../redaction/edit.ts';
import type { Judge, Stage } from '../stage.ts';

interface Listing {
  /** The member of the result that holds the entries, and the member of an entry that names it. */
  readonly member: string;
  readonly name: string;
  readonly kind: ItemKind;
}

const listings: Readonly<Record<string, Listing>> = {
  'tools/list': { member: 'tools', name: 'name', kind: 'tool' },
  'prompts/list': { member: 'prompts', name: 'name', kind: 'prompt' },
  'resources/list': { member: 'resources', name: 'uri', kind: 'resource' },
  'resources/templates/list': { member: 'resourceTemplates', name: 'uriTemplate', kind: 'resource' },
};

/** What a caller may not use is not listed; what only a call could tell is. */
const result: Judge = (exchange, facts) => {
  const { reach, caller, circumstances, server } = facts;
  const method = exchange.answers?.method;
  if (reach === null || reach.isWhole || caller === null || server === null) return null;
  if (method == null || exchange.message.result === null) return null;
  const listing = listings[method];
  if (listing === undefined) return null;
  const { text, result } = exchange.message;
  const array = memberAt(text, result, listing.member);
  if (array === null || text.charCodeAt(array.start) !== 91) return null;
  const about = {
    ...circumstances,
    caller,
    server,
    kind: listing.kind,
    arguments: () => ({}),
    tool: (tool: string) => facts.message.tool(tool),
    teamNames: () => facts.message.teams(),
  };
  const keep = (start: number, end: number): boolean => {
    const name = memberAt(text, { start, end }, listing.name);
    return name !== null && reach.lists({ ...about, name: String(exchange.message.valueAt(name)) });
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
