import { byteText } from '@mcpvault/protocol/jsonrpc/byte-text';
import { walkJson } from '../inspection/json-walk.ts';
import type { Edit } from './edit.ts';

interface Key {
  readonly start: number;
  readonly end: number;
  readonly edits: readonly Edit[];
}

/**
 * Keys that become equal by being edited would merge members or drop them, so all but the first get `-2`, `-3`, … behind
 * their last replacement. Keys that were equal before stay equal. `edits` must be ascending and disjoint; those outside
 * keys are left alone.
 */
export function keepKeysUnique(original: Buffer, edits: readonly Edit[]): readonly Edit[] {
  const renamed = new Map<Edit, Edit>();
  for (const keys of objectsWithEditedKeys(original, edits)) {
    const taken = new Set(keys.filter((key) => key.edits.length === 0).map((key) => name(original, key, '')));
    const suffixes = new Map<string, string>();
    const lastNumbers = new Map<string, number>();
    for (const key of keys) {
      const last = key.edits.at(-1);
      if (last === undefined) continue;
      const was = name(original, { ...key, edits: [] }, '');
      const suffix = suffixes.get(was) ?? freeSuffix(original, key, taken, lastNumbers);
      suffixes.set(was, suffix);
      if (suffix !== '') renamed.set(last, { ...last, replacement: last.replacement + suffix });
    }
  }
  return renamed.size === 0 ? edits : edits.map((edit) => renamed.get(edit) ?? edit);
}

/** The first of nothing, `-2`, `-3`, … that makes a name nobody has yet; takes it. */
function freeSuffix(original: Buffer, key: Key, taken: Set<string>, lastNumbers: Map<string, number>): string {
  const bare = name(original, key, '');
  for (let number = (lastNumbers.get(bare) ?? 0) + 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const candidate = name(original, key, suffix);
    if (taken.has(candidate)) continue;
    taken.add(candidate);
    lastNumbers.set(bare, number);
    return suffix;
  }
}

function objectsWithEditedKeys(original: Buffer, edits: readonly Edit[]): readonly (readonly Key[])[] {
  const found: (readonly Key[])[] = [];
  const open: { keys: Key[]; edited: boolean }[] = [];
  let next = 0;
  walkJson(byteText(original), {
    open: () => void open.push({ keys: [], edited: false }),
    close: () => {
      const closed = open.pop();
      if (closed?.edited === true) found.push(closed.keys);
    },
    key(start, end) {
      const object = open.at(-1);
      if (object === undefined) return;
      const inside: Edit[] = [];
      for (let edit = edits[next]; edit !== undefined && edit.start < end; edit = edits[++next])
        if (edit.start >= start && edit.end <= end) inside.push(edit);
      object.keys.push({ start, end, edits: inside });
      object.edited ||= inside.length > 0;
    },
  });
  return found;
}

/** The key as a reader of JSON sees it, after its edits and with `suffix` behind the last of them. */
function name(original: Buffer, { start, end, edits }: Key, suffix: string): string {
  let written = '';
  let from = start;
  for (const edit of edits) {
    written += original.toString('utf8', from, edit.start) + edit.replacement + (edit === edits.at(-1) ? suffix : '');
    from = edit.end;
  }
  written += original.toString('utf8', from, end);
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}
