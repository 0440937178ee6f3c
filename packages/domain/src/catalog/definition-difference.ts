/** One place at which two definitions differ. */
export interface DefinitionChange {
  /** A JSON pointer; empty for the whole. */
  readonly pointer: string;
  /** As JSON text, or a plain text where it is one; null where there was nothing. Shortened. */
  readonly before: string | null;
  readonly after: string | null;
}

const mostChanges = 100;
const longestShown = 4_000;
const deepest = 60;

/** What changed from one definition to another, place by place in their order; lists that differ in length as a whole. */
export function definitionDifference(before: unknown, after: unknown): readonly DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  compare(before, after, '', 0, changes);
  return changes.slice(0, mostChanges);
}

function compare(before: unknown, after: unknown, pointer: string, depth: number, changes: DefinitionChange[]): void {
  if (changes.length >= mostChanges || Object.is(before, after)) return;
  const both = depth < deepest ? membersOf(before, after) : null;
  if (both === null) {
    const change = { pointer, before: shown(before), after: shown(after) };
    if (change.before !== change.after || JSON.stringify(before) !== JSON.stringify(after)) changes.push(change);
    return;
  }
  for (const [name, one, other] of both)
    compare(one, other, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1, changes);
}

/** The members of two objects or of two lists of one length; null for anything else. */
function membersOf(before: unknown, after: unknown): readonly (readonly [string, unknown, unknown])[] | null {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return null;
  if (Array.isArray(before) !== Array.isArray(after)) return null;
  if (Array.isArray(before) && Array.isArray(after) && before.length !== after.length) return null;
  const [one, other] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...one.keys(), ...other.keys()])].map((name) => [name, one.get(name), other.get(name)]);
}

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
}
