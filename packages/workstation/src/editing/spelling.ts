// How values, new members and removed members are written in each format. Everything here answers with splices of the text,
// so that nothing else can change.
import type { MapNode, Member } from '../reading/config-tree.ts';
import type { ReadableFormat } from '../reading/read-tree.ts';
import { jsonSpelling } from './json-spelling.ts';
import type { Plain } from './plain.ts';
import type { Splice } from './splice.ts';
import { tomlSpelling } from './toml-spelling.ts';
import { yamlSpelling } from './yaml-spelling.ts';

export interface Spelling {
  replace(text: string, map: MapNode, member: Member, value: Plain): readonly Splice[];
  /** A new member in front of or behind one that is there. */
  insert(text: string, map: MapNode, at: InsertAt, key: string, value: Plain): readonly Splice[];
  /** `owner` is the member whose value the map is. */
  remove(text: string, map: MapNode, member: Member, owner: Member | undefined): readonly Splice[];
}

export interface InsertAt {
  readonly side: 'before' | 'after';
  readonly member: Member;
}

export function spellingOf(format: ReadableFormat): Spelling {
  if (format === 'yaml') return yamlSpelling;
  return format === 'toml' ? tomlSpelling : jsonSpelling;
}
