// Makes an adopted entry again what it was. The exact bytes go back where the entry is as it was left; where the client has
// changed something else in it meanwhile, only the core elements go back, and the client's changes stay.
import { MalformedConfig } from '../reading/config-tree.ts';
import type { ConfigDocument } from '../reading/read-config.ts';
import { type CoreElement, coreElements } from './core-elements.ts';
import { type Change, UneditableConfig, withText } from './edit-document.ts';
import type { EntryAddress, LocatedEntry } from './entry-address.ts';
import { takeBack } from './hunk.ts';
import { isSame } from './plain.ts';
import { applyChanges, type EntryUndo, expectOnlyCore, mustLocate } from './rewrite-entry.ts';

export interface Restoration {
  readonly document: ConfigDocument;
  readonly how: 'exact' | 'elements' | 'unchanged';
}

/** How an adopted entry looks now: as it was written, as it was before, or as somebody else made it. */
export function conditionOf(entry: LocatedEntry, { original, written }: EntryUndo, address: EntryAddress) {
  const now = coreElements(entry.node, address.dialect);
  if (areSame(now, written)) return 'as-written';
  return areSame(now, original) ? 'as-before' : 'changed';
}

/** Throws `UneditableConfig`. With `force`, core elements that somebody else has changed are put back too. */
export function restoreEntry(
  document: ConfigDocument,
  address: EntryAddress,
  undo: EntryUndo,
  options: { readonly force?: boolean } = {},
): Restoration {
  const entry = mustLocate(document, address);
  const condition = conditionOf(entry, undo, address);
  if (condition === 'as-before') return { document, how: 'unchanged' };
  if (condition === 'changed' && options.force !== true) {
    throw new UneditableConfig(`“${address.name}” has been changed by someone else since.`);
  }
  const exact = condition === 'as-written' ? exactly(document, entry, address, undo) : undefined;
  if (exact !== undefined) return { document: exact, how: 'exact' };
  const restored = applyChanges(document, entry, changesBack(entry, undo, address));
  expectOnlyCore(document, restored, address);
  if (!isRestored(restored, address, undo)) throw new UneditableConfig(`“${address.name}” cannot be made what it was.`);
  return { document: restored, how: 'elements' };
}

/** undefined where the bytes do not fit what surrounds them by now. */
function exactly(
  document: ConfigDocument,
  entry: LocatedEntry,
  address: EntryAddress,
  undo: EntryUndo,
): ConfigDocument | undefined {
  const text = takeBack(document.text, undo.hunk, entry.extent);
  if (text === undefined) return undefined;
  try {
    const restored = withText(document, text);
    expectOnlyCore(document, restored, address);
    return isRestored(restored, address, undo) ? restored : undefined;
  } catch (error) {
    if (error instanceof MalformedConfig || error instanceof UneditableConfig) return undefined;
    throw error;
  }
}

function isRestored(document: ConfigDocument, address: EntryAddress, undo: EntryUndo): boolean {
  return conditionOf(mustLocate(document, address), undo, address) === 'as-before';
}

function areSame(one: readonly CoreElement[], other: readonly CoreElement[]): boolean {
  const set = (elements: readonly CoreElement[]): readonly CoreElement[] =>
    elements.filter(({ value }) => value !== undefined);
  const [left, right] = [set(one), set(other)];
  return (
    left.length === right.length &&
    left.every((each) => right.some((it) => isSamePlace(each, it) && isSame(each.value, it.value)))
  );
}

function isSamePlace(one: CoreElement, other: CoreElement): boolean {
  return one.key === other.key && JSON.stringify(one.map) === JSON.stringify(other.map);
}

/** What was there comes first, so that there is always something beside which the next can stand. */
function changesBack(entry: LocatedEntry, { original }: EntryUndo, { dialect }: EntryAddress): readonly Change[] {
  const now = coreElements(entry.node, dialect).filter(({ value }) => value !== undefined);
  const had = original.filter(({ value }) => value !== undefined);
  const keys = [...now, ...had].map(({ key }) => key);
  const back = had.map(({ map, key, value }) => ({ map, key, value, beside: { side: 'after', keys } as const }));
  const extra = now.filter((each) => !had.some((it) => isSamePlace(each, it)));
  return [...back, ...extra.map(({ map, key }) => ({ map, key, value: undefined }))];
}
