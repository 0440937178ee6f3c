// A policy's text as values, and values put into its text: comments and everything untouched stay as they were written. Pure.
import { type Document, isCollection, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLSeq } from 'yaml';

export type Path = readonly (string | number)[];
export type Values = Readonly<Record<string, unknown>>;

/** What the text says; null where it cannot be read as one policy. */
export function readValues(text: string): Values | null {
  try {
    const document = parseDocument(text);
    if (document.errors.length > 0) return null;
    if (document.contents === null) return {};
    if (!isMap(document.contents)) return null;
    return document.toJS({ maxAliasCount: 100 }) as Values;
  } catch {
    return null;
  }
}

/** The text with a value at a path; undefined takes it away, and what is empty without it. Unreadable texts stay. */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))) return text;
  if (document.contents === null) document.contents = document.createNode({}) as never;
  if (value === undefined) remove(document, path);
  else put(document, path, value);
  return document.toString({ lineWidth: 110 });
}

function put(document: Document, path: Path, value: unknown): void {
  const known = document.getIn(path, true);
  if (isScalar(known) && !isNested(value)) {
    known.value = value;
    // A text that had one line and now has several, or the other way round, is written as suits it.
    if (typeof value === 'string' && (known.type === 'PLAIN' || value.includes('\n'))) delete known.type;
    return;
  }
  if (isSeq(known) && Array.isArray(value)) {
    known.items = value.map((item) => keptItem(document, known, item));
    return;
  }
  const [first, ...rest] = path;
  if (typeof first === 'string' && isMap(document.contents) && !document.has(first)) {
    const whole = rest.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
    const items = document.contents.items as Pair[];
    items.splice(placeOf(first, items), 0, document.createPair(first, whole));
    return;
  }
  document.setIn(path, isNested(value) ? document.createNode(value) : value);
}

/** An item that says the same keeps its comment and its way of writing. */
function keptItem(document: Document, sequence: YAMLSeq, item: unknown) {
  const said = JSON.stringify(item);
  const same = sequence.items.find((node) => {
    const value: unknown = isCollection(node) || isScalar(node) ? node.toJS(document) : node;
    return JSON.stringify(value) === said;
  });
  return same ?? document.createNode(item);
}

function remove(document: Document, path: Path): void {
  document.deleteIn(path);
  const parent = path.slice(0, -1);
  if (parent.length === 0) return;
  const left = document.getIn(parent, true);
  if (isMap(left) && left.items.length === 0) remove(document, parent);
}

const order = [
  'name',
  'reason',
  'owner',
  'severity',
  'mode',
  'percentage',
  'pilot',
  'budget',
  'directions',
  'scope',
  'detectors',
  'patterns',
  'threshold',
  'condition',
  'actions',
  'tests',
];

/** Where a new key goes: before the first that comes after it. */
function placeOf(key: string, items: readonly Pair[]): number {
  const rank = order.indexOf(key);
  const at = items.findIndex((pair) => order.indexOf(String(isScalar(pair.key) ? pair.key.value : pair.key)) > rank);
  return rank < 0 || at < 0 ? items.length : at;
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
