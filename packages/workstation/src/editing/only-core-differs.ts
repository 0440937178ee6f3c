import type { ConfigNode, ConfigTree, Member } from '../reading/config-tree.ts';
import { pointerTo } from '../reading/config-tree.ts';
import { coreElements } from './core-elements.ts';
import type { EntryAddress } from './entry-address.ts';
import { locateEntry } from './entry-address.ts';
import { isSame, plainOf } from './plain.ts';

/** The first place outside the entry's core elements at which the two trees differ, in words; undefined where there is none. */
export function differenceOutside(before: ConfigTree, after: ConfigTree, address: EntryAddress): string | undefined {
  const [old, now] = [locateEntry(before.root, address), locateEntry(after.root, address)];
  if (old === undefined || now === undefined) return 'the entry is gone';
  const core = new Set<string>();
  for (const { map, key } of [...coreElements(old.node, address.dialect), ...coreElements(now.node, address.dialect)]) {
    core.add(pointerTo([...old.path, ...map, key]));
  }
  return compare(before.root, after.root, [], core);
}

type Path = readonly (string | number)[];

function compare(old: ConfigNode, now: ConfigNode, path: Path, core: ReadonlySet<string>): string | undefined {
  const pointer = pointerTo(path);
  if (core.has(pointer) || isSame(plainOf(old), plainOf(now))) return undefined;
  if (old.kind === 'map' && now.kind === 'map') {
    const [left, right] = [outside(old.members, path, core), outside(now.members, path, core)];
    if (left.length !== right.length) return pointer;
    for (const [at, member] of left.entries()) {
      const other = right[at];
      if (other?.key !== member.key) return pointer;
      const found = compare(member.value, other.value, [...path, member.key], core);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (old.kind === 'list' && now.kind === 'list' && old.items.length === now.items.length) {
    for (const [at, item] of old.items.entries()) {
      const other = now.items[at];
      const found = other === undefined ? pointer : compare(item, other, [...path, at], core);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return pointer;
}

function outside(members: readonly Member[], path: Path, core: ReadonlySet<string>): readonly Member[] {
  return members.filter(({ key }) => !core.has(pointerTo([...path, key])));
}
