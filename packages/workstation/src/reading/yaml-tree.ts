// Reads YAML into a tree with places. What an alias or a merge key brings in is read, so that no server can hide there, and
// marked, so that nobody edits one entry by changing another.
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import {
  type ConfigNode,
  type ConfigTree,
  deepestNesting,
  duplicatesIn,
  MalformedConfig,
  type Member,
  type Place,
  type ScalarNode,
} from './config-tree.ts';

export function readYamlTree(text: string): ConfigTree {
  const document = parseDocument(text, { keepSourceTokens: true, uniqueKeys: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    const what = error.code.toLowerCase().replaceAll('_', ' ');
    throw new MalformedConfig(`Line ${line}, column ${col}: ${what}.`, error.pos[0]);
  }
  // Aliases can multiply without bound what a few lines say.
  let budget = mostNodes;
  const read = (node: unknown, place: Place, depth: number): ConfigNode => {
    budget -= 1;
    if (budget < 0 || depth > deepestNesting) throw new MalformedConfig('It is nested too deeply.', place.start);
    if (isAlias(node)) {
      const target = node.resolve(document);
      return referring(read(target, place, depth + 1), placeOf(node) ?? place);
    }
    const own = placeOf(node) ?? place;
    if (isMap(node)) {
      const members = node.items.flatMap((pair) => readPair(pair, node, own, depth));
      const flow = node.flow === true;
      // What a block says it covers includes the comments that belong to whatever follows it.
      const end = flow ? own.end : (members.at(-1)?.pieces.at(-1)?.end ?? own.end);
      return { kind: 'map', start: own.start, end, members, flow };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => read(isPair(item) ? null : item, own, depth + 1));
      const end = node.flow === true ? own.end : (items.at(-1)?.end ?? own.end);
      return { kind: 'list', start: own.start, end, items };
    }
    return isScalar(node) ? scalar(node, text, own) : { kind: 'scalar', ...own, value: null, isString: false };
  };
  const readPair = (pair: Pair, map: YAMLMap, around: Place, depth: number): Member[] => {
    const keyPlace = placeOf(pair.key) ?? { start: around.start, end: around.start };
    const key = isScalar(pair.key) ? keyText(pair.key) : '';
    const colon = tokenAt(pair, 'map-value-ind');
    const value = read(pair.value, { start: keyPlace.end, end: keyPlace.end }, depth + 1);
    if (key === '<<') return merged(value);
    const end = Math.max(value.end, keyPlace.end, (colon ?? -1) + 1);
    const member = { key, keyPlace, value, pieces: [{ start: keyPlace.start, end }] };
    const comma = map.flow === true ? commaBehind(text, end) : undefined;
    return [{ ...member, ...(colon === undefined ? {} : { colon }), ...(comma === undefined ? {} : { comma }) }];
  };
  const root = read(document.contents, { start: 0, end: text.length }, 0);
  return { root, duplicates: duplicatesIn(root), isLenient: false };
}

const mostNodes = 500_000;

/** What a merge key brings in; members that the map has of its own come later and win. */
function merged(value: ConfigNode): Member[] {
  if (value.kind === 'list') return value.items.flatMap(merged);
  return value.kind === 'map' ? value.members.map((member) => ({ ...member, value: referring(member.value) })) : [];
}

function referring(node: ConfigNode, place: Place = node): ConfigNode {
  return { ...node, start: place.start, end: place.end, isReference: true };
}

function scalar(node: Scalar, text: string, place: Place): ScalarNode {
  const { value } = node;
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const end = isBlock ? place.start + text.slice(place.start, place.end).trimEnd().length : place.end;
  const at = { start: place.start, end };
  if (typeof value === 'string') return { kind: 'scalar', ...at, value, isString: true };
  if (typeof value === 'boolean' || value === null) return { kind: 'scalar', ...at, value, isString: false };
  return { kind: 'scalar', ...at, value: `number:${node.source ?? ''}`, isString: false };
}

function keyText({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? '');
}

function placeOf(node: unknown): Place | undefined {
  const range = isNode(node) ? node.range : undefined;
  return range ? { start: range[0], end: range[1] } : undefined;
}

function tokenAt(pair: Pair, type: string): number | undefined {
  const token = pair.srcToken;
  if (token === undefined || !('sep' in token)) return undefined;
  return token.sep?.find((each) => each.type === type)?.offset;
}

function commaBehind(text: string, from: number): number | undefined {
  const at = from + (/^\s*/.exec(text.slice(from, from + 10_000))?.[0].length ?? 0);
  return text[at] === ',' ? at : undefined;
}
