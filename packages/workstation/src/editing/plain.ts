// A value of a config without its spelling: what an entry means, to compare, to remember and to write again. Maps are lists
// of pairs, so that order, duplicates and keys such as `__proto__` survive.
import type { ConfigNode } from '../reading/config-tree.ts';

export type Plain = string | boolean | null | { readonly raw: string } | readonly Plain[] | PlainMap;

export interface PlainMap {
  readonly members: readonly (readonly [string, Plain])[];
}

export function plainOf(node: ConfigNode): Plain {
  if (node.kind === 'list') return node.items.map(plainOf);
  if (node.kind === 'map') return { members: node.members.map(({ key, value }) => [key, plainOf(value)]) };
  const { value, isString } = node;
  return isString || typeof value !== 'string' ? value : { raw: value };
}

/** Equal in meaning; the order of members counts, because clients show it. */
export function isSame(one: Plain | undefined, other: Plain | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

export function isPlainMap(value: Plain): value is PlainMap {
  return typeof value === 'object' && value !== null && 'members' in value;
}
