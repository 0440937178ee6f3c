// Makes an entry run the bridge, and proves that nothing else changed before anybody may write the result.
import type { ConfigDocument } from '../reading/read-config.ts';
import { bridgeChanges, type BridgeCommand, type CoreElement, coreElements } from './core-elements.ts';
import { type Change, changeDocument, UneditableConfig } from './edit-document.ts';
import { type EntryAddress, locateEntry, type LocatedEntry } from './entry-address.ts';
import { type Hunk, hunkOf } from './hunk.ts';
import { differenceOutside } from './only-core-differs.ts';

export interface Rewrite {
  readonly document: ConfigDocument;
  /** undefined when the entry runs the bridge already. */
  readonly undo?: EntryUndo;
}

/** What is needed to make an entry again what it was; kept outside the client's file. Holds whatever the entry held. */
export interface EntryUndo {
  readonly hunk: Hunk;
  readonly original: readonly CoreElement[];
  readonly written: readonly CoreElement[];
}

/** Throws `UneditableConfig`, and then nothing has changed. */
export function rewriteEntry(
  document: ConfigDocument,
  address: EntryAddress,
  bridge: BridgeCommand,
  keepsEnv: (value: string) => boolean = () => false,
): Rewrite {
  const before = mustLocate(document, address);
  const original = coreElements(before.node, address.dialect);
  const changes = bridgeChanges(before.node, address.dialect, bridge, keepsEnv);
  const edited = applyChanges(document, before, changes);
  if (edited.text === document.text) return { document };
  const after = mustLocate(edited, address);
  expectOnlyCore(document, edited, address);
  const written = coreElements(after.node, address.dialect);
  return {
    document: edited,
    undo: { hunk: hunkOf(document.text, edited.text, before.extent, after.extent), original, written },
  };
}

export function mustLocate(document: ConfigDocument, address: EntryAddress): LocatedEntry {
  const found = locateEntry(document.tree.root, address);
  if (found === undefined) throw new UneditableConfig(`There is no single entry “${address.name}”.`);
  return found;
}

/** `changes` are relative to the entry. */
export function applyChanges(
  document: ConfigDocument,
  entry: LocatedEntry,
  changes: readonly Change[],
): ConfigDocument {
  return changes.reduce(
    (current, change) => changeDocument(current, { ...change, map: [...entry.path, ...change.map] }),
    document,
  );
}

/** The result is read anew and compared: whatever is no core element of this entry must mean and say what it did. */
export function expectOnlyCore(before: ConfigDocument, after: ConfigDocument, address: EntryAddress): void {
  const difference = differenceOutside(before.tree, after.tree, address);
  if (difference !== undefined) {
    throw new UneditableConfig(`The change would touch more than the entry: ${difference}.`);
  }
}
