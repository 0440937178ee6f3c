// Arguments that policies set or take away, as edits of the original bytes. A change that meets another one, at the same
// place or above or below it, gives way to the one that ranks higher.
import { memberAt } from '@mcpvault/protocol/jsonrpc/message';
import { type Span, walkObject } from '@mcpvault/protocol/jsonrpc/scan';

export interface ArgumentChange {
  /** A JSON pointer into the arguments. */
  readonly argument: string;
  /** JSON text; null takes the member away. */
  readonly json: string | null;
}

export interface Splice<Change> {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** The change that led to it; of several that are inserted together, the first. */
  readonly change: Change;
}

/** `changes` in the order of their rank, highest first. Where a place does not exist, nothing is taken away from it. */
export function argumentSplices<Change extends ArgumentChange>(
  text: string,
  params: Span | null,
  changes: readonly Change[],
): Splice<Change>[] {
  if (params === null || text.charCodeAt(params.start) !== openBrace) return [];
  const groups = new Map<number, Group<Change>>();
  for (const { change, path } of withoutConflicts(changes)) place(text, params, path, change, groups);
  return [...groups.values()].flatMap((group) => splicesOf(text, group));
}

/** The members on the way, `arguments` first; null for what is no pointer. */
export function pathOf(pointer: string): readonly string[] | null {
  if (!/^(\/([^~]|~[01])*)+$/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const openBrace = 123;
/** How deep a message goes was bounded when it was read. */
const anyDepth = Number.POSITIVE_INFINITY;

interface Group<Change> {
  readonly object: Span;
  readonly members: Map<string, Change>;
}

function withoutConflicts<Change extends ArgumentChange>(changes: readonly Change[]) {
  const accepted: { readonly change: Change; readonly path: readonly string[] }[] = [];
  for (const change of changes) {
    const inside = pathOf(change.argument);
    if (inside === null) continue;
    const path = ['arguments', ...inside];
    if (accepted.every((other) => !meets(other.path, path))) accepted.push({ change, path });
  }
  return accepted;
}

function meets(a: readonly string[], b: readonly string[]): boolean {
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  return shorter.every((part, index) => longer[index] === part);
}

/** Files a change under the innermost object that is there; what is missing on the way to a new member is made. */
function place<Change extends ArgumentChange>(
  text: string,
  params: Span,
  path: readonly string[],
  change: Change,
  groups: Map<number, Group<Change>>,
): void {
  let object = params;
  for (let depth = 0; depth < path.length; depth++) {
    const name = path[depth] ?? '';
    const isLast = depth === path.length - 1;
    const member = memberAt(text, object, name);
    if (!isLast && member !== null) {
      if (text.charCodeAt(member.start) !== openBrace) return;
      object = member;
      continue;
    }
    if (change.json === null && member === null) return;
    const group = groups.get(object.start) ?? { object, members: new Map<string, Change>() };
    groups.set(object.start, group);
    const rest = path.slice(depth + 1);
    const json = rest.reduceRight((inner, name) => `{${JSON.stringify(name)}:${inner}}`, change.json ?? 'null');
    const before = group.members.get(name);
    // Two changes that both need the same new object become one object.
    group.members.set(name, before === undefined ? (isLast ? change : { ...change, json }) : joined(before, json));
    return;
  }
}

function joined<Change extends ArgumentChange>(before: Change, json: string): Change {
  const both = merge(JSON.parse(before.json ?? '{}'), JSON.parse(json));
  return { ...before, json: JSON.stringify(both) };
}

function merge(a: unknown, b: unknown): unknown {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a;
  const result: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) result[key] = key in result ? merge(result[key], value) : value;
  return result;
}

interface Member {
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

function splicesOf<Change extends ArgumentChange>(text: string, { object, members: changes }: Group<Change>) {
  const members: Member[] = [];
  walkObject(
    text,
    object.start,
    anyDepth,
    (name, start, valueStart, end) => void members.push({ name, start, valueStart, end }),
  );
  const splices: Splice<Change>[] = [];
  const there = new Set(members.map(({ name }) => name));
  const kept = members.filter(({ name }) => changes.get(name)?.json !== null);
  const added = [...changes].filter(([name, { json }]) => json !== null && !there.has(name));
  const [first] = added;
  if (first !== undefined) {
    const inserted = added.map(([name, { json }]) => `${JSON.stringify(name)}:${json}`).join(',');
    const at = object.start + 1;
    splices.push({ start: at, end: at, replacement: inserted + (kept.length > 0 ? ',' : ''), change: first[1] });
  }
  for (const { name, valueStart, end } of kept) {
    const change = changes.get(name);
    if (change?.json != null) splices.push({ start: valueStart, end, replacement: change.json, change });
  }
  return [...splices, ...cuts(members, kept, changes)];
}

/** Each run of members that go, with the comma that would be left over. */
function cuts<Change>(members: readonly Member[], kept: readonly Member[], changes: ReadonlyMap<string, Change>) {
  const stays = new Set(kept);
  const splices: Splice<Change>[] = [];
  for (let from = 0; from < members.length; from++) {
    const first = members[from];
    if (first === undefined || stays.has(first)) continue;
    let to = from;
    for (let next = members[to + 1]; next !== undefined && !stays.has(next); next = members[to + 1]) to++;
    const last = members[to] ?? first;
    const before = members[from - 1];
    const after = members[to + 1];
    const start = before?.end ?? first.start;
    const end = before === undefined ? (after?.start ?? last.end) : last.end;
    const change = changes.get(first.name);
    if (change !== undefined) splices.push({ start, end, replacement: '', change });
    from = to;
  }
  return splices;
}
