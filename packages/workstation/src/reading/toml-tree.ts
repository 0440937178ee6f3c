// Reads TOML into a tree with places. A table may be written as a section, as several sections that lie apart, inline, or
// by dotted keys; the tree shows one map in every case, and each member knows all the pieces of text that define it.
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import {
  type ConfigNode,
  type ConfigTree,
  deepestNesting,
  MalformedConfig,
  type MapNode,
  type Member,
  type Place,
} from './config-tree.ts';

export function readTomlTree(text: string): ConfigTree {
  const builder = new TableBuilder({ start: 0, end: text.length });
  for (const statement of parsed(text).body[0].body) {
    if (statement.type === 'TOMLKeyValue') assign(builder, [], statement);
    else {
      const path = statement.resolvedKey;
      open(builder, path, statement);
      for (const each of statement.body) assign(builder, path, each);
    }
  }
  // A key that is written twice is a mistake that readers of TOML refuse by themselves.
  return { root: builder.node(), duplicates: [], isLenient: false };
}

function parsed(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: '1.0' });
  } catch (error) {
    if (error instanceof ParseError) {
      const isDuplicate = /multiple times/.test(error.message);
      const what = isDuplicate ? 'a key is defined twice' : 'it is not TOML';
      throw new MalformedConfig(
        `Line ${error.lineNumber}, column ${error.column + 1}: ${what}.`,
        error.index,
        isDuplicate,
      );
    }
    if (error instanceof RangeError) throw new MalformedConfig('It is nested too deeply.', 0);
    throw error;
  }
}

type KeyPart = AST.TOMLBare | AST.TOMLQuoted;
type Path = readonly (string | number)[];

/** A section header: `path` as resolved, with the number of the item where a list of tables is meant. */
function open(root: TableBuilder, path: Path, section: AST.TOMLTable): void {
  const piece = placeOf(section);
  const { keys } = section.key;
  let named = 0;
  walk(root, path, piece, () => {
    const key = keys[named];
    named += 1;
    return { keyPlace: key === undefined ? piece : placeOf(key), piece };
  });
}

function assign(root: TableBuilder, path: Path, statement: AST.TOMLKeyValue, comma?: number): void {
  const { keys } = statement.key;
  if (path.length + keys.length > deepestNesting) throw new MalformedConfig('It is nested too deeply.', 0);
  const piece = placeOf(statement);
  let table = walk(root, path, piece, () => ({ keyPlace: piece }));
  for (const [at, key] of keys.entries()) {
    const entry = table.entry(nameOf(key), placeOf(key), piece);
    if (at < keys.length - 1) table = entry.table(piece);
    else entry.set(valueOf(statement.value), comma);
  }
}

type Places = { readonly keyPlace: Place; readonly piece?: Place };

/** Goes down a resolved path, making what is not there yet; `places` says for each name where it is written. */
function walk(root: TableBuilder, path: Path, piece: Place, places: () => Places): TableBuilder {
  let table = root;
  for (const [at, part] of path.entries()) {
    if (typeof part !== 'string') continue;
    const { keyPlace, piece: defining } = places();
    const entry = table.entry(part, keyPlace, defining);
    const index = path[at + 1];
    table = typeof index === 'number' ? entry.item(index, piece) : entry.table(piece);
  }
  return table;
}

/** A table, or a list of tables, while its pieces are still coming in. */
class TableBuilder {
  readonly #place: Place;
  readonly #entries = new Map<string, Entry>();

  constructor(place: Place) {
    this.#place = place;
  }

  node(): MapNode {
    const members = [...this.#entries.values()].map((entry) => entry.member());
    return { kind: 'map', ...this.#place, members, flow: false };
  }

  entry(key: string, keyPlace: Place, piece: Place | undefined): Entry {
    const entry = this.#entries.get(key) ?? new Entry(key, keyPlace);
    this.#entries.set(key, entry);
    if (piece !== undefined) entry.pieces.push(piece);
    return entry;
  }
}

class Entry {
  readonly pieces: Place[] = [];
  readonly #key: string;
  readonly #keyPlace: Place;
  readonly #items: TableBuilder[] = [];
  #table: TableBuilder | undefined;
  #value: ConfigNode | undefined;
  #comma: number | undefined;

  constructor(key: string, keyPlace: Place) {
    this.#key = key;
    this.#keyPlace = keyPlace;
  }

  table(place: Place): TableBuilder {
    this.#table ??= new TableBuilder(place);
    return this.#table;
  }

  item(index: number, place: Place): TableBuilder {
    const item = this.#items[index] ?? new TableBuilder(place);
    this.#items[index] = item;
    return item;
  }

  set(value: ConfigNode, comma: number | undefined): void {
    this.#value = value;
    this.#comma = comma;
  }

  member(): Member {
    const value = this.#value ?? this.#table?.node() ?? this.#list();
    const pieces = outermost(this.pieces);
    const member = { key: this.#key, keyPlace: this.#keyPlace, value, pieces };
    return this.#comma === undefined ? member : { ...member, comma: this.#comma };
  }

  #list(): ConfigNode {
    const items = this.#items.map((item) => item.node());
    return { kind: 'list', start: items[0]?.start ?? 0, end: items.at(-1)?.end ?? 0, items };
  }
}

/** Without those that lie within another, or are another once more. */
function outermost(pieces: readonly Place[]): readonly Place[] {
  const kept: Place[] = [];
  let end = -1;
  for (const piece of pieces.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (piece.end <= end) continue;
    kept.push(piece);
    end = piece.end;
  }
  return kept;
}

function valueOf(node: AST.TOMLContentNode): ConfigNode {
  const place = placeOf(node);
  if (node.type === 'TOMLArray') return { kind: 'list', ...place, items: node.elements.map(valueOf) };
  if (node.type === 'TOMLInlineTable') {
    const builder = new TableBuilder(place);
    node.body.forEach((each, index) => {
      // The comma is the first one behind the value: nothing else may stand between.
      assign(builder, [], each, index < node.body.length - 1 ? each.range[1] : undefined);
    });
    return { ...builder.node(), flow: true };
  }
  if (node.kind === 'string') return { kind: 'scalar', ...place, value: node.value, isString: true };
  if (node.kind === 'boolean') return { kind: 'scalar', ...place, value: node.value, isString: false };
  const written = 'number' in node ? node.number : node.datetime;
  return { kind: 'scalar', ...place, value: `${'number' in node ? 'number' : 'date'}:${written}`, isString: false };
}

function nameOf(key: KeyPart): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function placeOf(node: { readonly range: readonly [number, number] }): Place {
  return { start: node.range[0], end: node.range[1] };
}
