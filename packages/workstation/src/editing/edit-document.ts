// Changes one member of a document, and reads the result again: each change is made on a tree that fits the text.
import type { ConfigNode, Member } from '../reading/config-tree.ts';
import type { ConfigDocument } from '../reading/read-config.ts';
import { readTree } from '../reading/read-tree.ts';
import { isSame, type Plain, plainOf } from './plain.ts';
import { type InsertAt, spellingOf } from './spelling.ts';
import { applySplices, type Splice } from './splice.ts';

/** Keys of maps and numbers of list items, from the root. */
export type NodePath = readonly (string | number)[];

export interface Change {
  /** The map whose member changes. */
  readonly map: NodePath;
  readonly key: string;
  /** undefined takes the member away. */
  readonly value: Plain | undefined;
  /** Where a new member goes: beside the first of these that is there, or at the end. */
  readonly beside?: { readonly side: InsertAt['side']; readonly keys: readonly string[] };
}

/** A document as it was meant cannot be written: the caller refuses, and nothing has happened. */
export class UneditableConfig extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UneditableConfig';
  }
}

/** Throws `UneditableConfig` where the place cannot be edited, and `MalformedConfig` where the result would not be readable. */
export function changeDocument(document: ConfigDocument, change: Change): ConfigDocument {
  const splices = splicesFor(document, change);
  return splices.length === 0 ? document : withText(document, applySplices(document.text, splices));
}

export function withText(document: ConfigDocument, text: string): ConfigDocument {
  return { ...document, text, tree: readTree(text, document.format) };
}

export function nodeUnder(root: ConfigNode, path: NodePath): ConfigNode | undefined {
  return path.reduce<ConfigNode | undefined>((node, part) => {
    if (typeof part === 'number') return node?.kind === 'list' ? node.items[part] : undefined;
    return node?.kind === 'map' ? node.members.findLast(({ key }) => key === part)?.value : undefined;
  }, root);
}

function splicesFor(
  { text, format, tree }: ConfigDocument,
  { map: path, key, value, beside }: Change,
): readonly Splice[] {
  const map = nodeUnder(tree.root, path);
  if (map?.kind !== 'map') throw new UneditableConfig('What should be changed is no map.');
  if (hasReference(tree.root, path)) throw new UneditableConfig('It is an alias: what it says stands elsewhere.');
  const member = map.members.findLast((each) => each.key === key);
  const spelling = spellingOf(format);
  if (member === undefined) {
    if (value === undefined) return [];
    const at = anchor(
      map.members.filter((each) => isLine(text, each)),
      beside,
    );
    if (at === undefined) throw new UneditableConfig('There is nothing beside which a new setting could stand.');
    return spelling.insert(text, map, at, key, value);
  }
  if (value !== undefined && isSame(plainOf(member.value), value)) return [];
  if (member.value.isReference === true && !isOwnAlias(text, member)) {
    throw new UneditableConfig('It is merged in from elsewhere.');
  }
  if (value === undefined) return spelling.remove(text, map, member, ownerOf(tree.root, path));
  return spelling.replace(text, map, member, value);
}

/** Whether one of the nodes on the way only refers to something written elsewhere. */
function hasReference(root: ConfigNode, path: NodePath): boolean {
  return path.some((_part, at) => nodeUnder(root, path.slice(0, at + 1))?.isReference === true);
}

/** `key: *alias` is written here and may be replaced; what a merge brought in is not. */
function isOwnAlias(text: string, { value }: Member): boolean {
  return text[value.start] === '*';
}

/** Not a section of TOML, which begins with a bracket: beside it nothing of the same table can stand. */
function isLine(text: string, { pieces: [first] }: Member): boolean {
  return first !== undefined && text[first.start] !== '[';
}

function anchor(members: readonly Member[], beside: Change['beside']): InsertAt | undefined {
  for (const key of beside?.keys ?? []) {
    const member = members.findLast((each) => each.key === key);
    if (member !== undefined) return { side: beside?.side ?? 'after', member };
  }
  const last = members.findLast(({ value }) => value.isReference !== true);
  return last === undefined ? undefined : { side: 'after', member: last };
}

function ownerOf(root: ConfigNode, path: NodePath): Member | undefined {
  const key = path.at(-1);
  const above = nodeUnder(root, path.slice(0, -1));
  return above?.kind === 'map' ? above.members.findLast((member) => member.key === key) : undefined;
}
