import type { DialectName } from '../catalogue/dialects.ts';
import { dialectNamed } from '../catalogue/dialects.ts';
import { type ConfigNode, memberOf, nodeAt, type Place, stringOf } from '../reading/config-tree.ts';
import type { NodePath } from './edit-document.ts';

/** How an entry is found again in a file that has changed meanwhile: by its container and its name, never by its offset. */
export interface EntryAddress {
  /** Keys from the root. */
  readonly container: readonly string[];
  /** What the client calls the server. */
  readonly name: string;
  readonly dialect: DialectName;
}

export interface LocatedEntry {
  readonly path: NodePath;
  readonly node: ConfigNode;
  /** All that defines the entry, its key included; in TOML with whatever lies between its sections. */
  readonly extent: Place;
}

/** undefined when the entry is gone, or when its name is not the name of one entry only. */
export function locateEntry(root: ConfigNode, { container, name, dialect }: EntryAddress): LocatedEntry | undefined {
  const node = nodeAt(root, container);
  if (node?.kind === 'map') {
    const members = node.members.filter(({ key }) => key === name);
    const [member] = members;
    if (member === undefined || members.length > 1) return undefined;
    const start = Math.min(...member.pieces.map((piece) => piece.start));
    const end = Math.max(...member.pieces.map((piece) => piece.end));
    return { path: [...container, name], node: member.value, extent: { start, end } };
  }
  const { nameMember, notServer } = dialectNamed(dialect);
  if (node?.kind !== 'list' || nameMember === undefined) return undefined;
  const found = [...node.items.entries()].filter(
    ([, item]) =>
      stringOf(memberOf(item, nameMember)?.value) === name &&
      (notServer === undefined || memberOf(item, notServer) === undefined),
  );
  const [first] = found;
  if (first === undefined || found.length > 1) return undefined;
  const [index, item] = first;
  return { path: [...container, index], node: item, extent: { start: item.start, end: item.end } };
}
