// A config file as a tree with places, the same for every format. Readers make it; scanning reads it; editing splices the
// text it points into. A tree keeps what parsers lose: duplicate keys, keys such as `__proto__`, and numbers as written.

/** A range of the text, in UTF-16 units, `end` excluded. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export type ConfigNode = MapNode | ListNode | ScalarNode;

interface SomeNode extends Place {
  /** Present where the text only refers to something written elsewhere (YAML's aliases and merges): not to be edited. */
  readonly isReference?: true;
}

export interface MapNode extends SomeNode {
  readonly kind: 'map';
  readonly members: readonly Member[];
  /** Written with braces on the spot, not as lines or sections of its own. */
  readonly flow: boolean;
}

export interface ListNode extends SomeNode {
  readonly kind: 'list';
  readonly items: readonly ConfigNode[];
}

export interface ScalarNode extends SomeNode {
  readonly kind: 'scalar';
  /** Numbers and dates are the text as written, behind `number:` or `date:`, so that nothing is rounded. */
  readonly value: string | boolean | null;
  readonly isString: boolean;
}

export interface Member {
  readonly key: string;
  /** The key as written; for TOML the last part of a dotted one. */
  readonly keyPlace: Place;
  readonly value: ConfigNode;
  /** Everything that defines the member, in order: one place, except in TOML, where sections may lie apart. */
  readonly pieces: readonly Place[];
  /** Where the comma behind it stands, if there is one. */
  readonly comma?: number;
  /** YAML: where the colon behind the key stands. */
  readonly colon?: number;
}

export interface ConfigTree {
  readonly root: ConfigNode;
  /** Pointers of keys that are written twice in one map: readers keep the last, naive editors change the first. */
  readonly duplicates: readonly string[];
  /** The text is more than its format strictly allows, such as comments in JSON; clients may refuse it. */
  readonly isLenient: boolean;
}

/** The text does not follow its format. `message` names place and kind of the mistake, and nothing of the content. */
export class MalformedConfig extends Error {
  readonly offset: number;
  readonly isDuplicate: boolean;

  constructor(message: string, offset: number, isDuplicate = false) {
    super(message);
    this.name = 'MalformedConfig';
    this.offset = offset;
    this.isDuplicate = isDuplicate;
  }
}

/** Deeper nesting than any client writes is refused, so that no file can exhaust the stack. */
export const deepestNesting = 200;

/** The last member of that key, as every reader of the file sees it. */
export function memberOf(node: ConfigNode | undefined, key: string): Member | undefined {
  return node?.kind === 'map' ? node.members.findLast((member) => member.key === key) : undefined;
}

export function nodeAt(node: ConfigNode | undefined, path: readonly string[]): ConfigNode | undefined {
  return path.reduce<ConfigNode | undefined>((at, key) => memberOf(at, key)?.value, node);
}

export function stringOf(node: ConfigNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.isString && typeof node.value === 'string' ? node.value : undefined;
}

/** RFC 6901. */
export function pointerTo(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Collects the pointers of keys that a map holds twice. */
export function duplicatesIn(node: ConfigNode, path: readonly (string | number)[] = []): string[] {
  if (node.kind === 'list') return node.items.flatMap((item, index) => duplicatesIn(item, [...path, index]));
  if (node.kind === 'scalar') return [];
  const seen = new Set<string>();
  const own: string[] = [];
  for (const { key } of node.members) {
    if (seen.has(key)) own.push(pointerTo([...path, key]));
    seen.add(key);
  }
  return [...own, ...node.members.flatMap((member) => duplicatesIn(member.value, [...path, member.key]))];
}
