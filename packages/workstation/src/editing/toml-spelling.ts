import type { Member, Place } from '../reading/config-tree.ts';
import { removeFromBraces } from './json-spelling.ts';
import { isList, isPlainMap, type Plain } from './plain.ts';
import type { Spelling } from './spelling.ts';
import { lineBreakOf, lineStart, nextLine, type Splice } from './splice.ts';

export const tomlSpelling: Spelling = {
  replace: (text, map, member, value) => {
    if (isOnePiece(text, member)) return [{ ...placeOf(member.value), text: spell(value) }];
    // A table of its own becomes one line in the place of its first piece, if that is a line at all.
    const [first] = member.pieces;
    const anchor = map.members.find((each) => each !== member && isOnePiece(text, each));
    if (first === undefined || anchor === undefined) return [];
    const line = tomlSpelling.insert(text, map, { side: 'after', member: anchor }, member.key, value);
    return [...line, ...tomlSpelling.remove(text, map, member, undefined)];
  },
  insert: (text, map, { side, member }, key, value) => {
    const piece = member.pieces[0] ?? member.keyPlace;
    if (map.flow) {
      const written = `${spellKey(key)} = ${spell(value)}`;
      return side === 'before'
        ? [{ start: piece.start, end: piece.start, text: `${written}, ` }]
        : [{ start: piece.end, end: piece.end, text: `, ${written}` }];
    }
    // With a dotted key, the new one lies in the same table as its neighbour.
    const prefix = text.slice(lineStart(text, piece.start), member.keyPlace.start);
    const written = `${prefix}${spellKey(key)} = ${spell(value)}`;
    if (side === 'before') {
      const at = lineStart(text, piece.start);
      return [{ start: at, end: at, text: `${written}${lineBreakOf(text)}` }];
    }
    const at = nextLine(text, piece.end);
    const isOpen = at === text.length && !text.endsWith('\n');
    return [{ start: at, end: at, text: isOpen ? `${lineBreakOf(text)}${written}` : `${written}${lineBreakOf(text)}` }];
  },
  remove: (text, map, member) => {
    if (map.flow) return removeFromBraces(text, map, member);
    return member.pieces.map((piece) => ({
      start: lineStart(text, piece.start),
      end: nextLine(text, piece.end),
      text: '',
    }));
  },
};

/** Written as `key = value`, not as a section or by dotted keys. */
function isOnePiece(text: string, { pieces, keyPlace, value }: Member): boolean {
  const [piece] = pieces;
  if (piece === undefined || pieces.length > 1 || text[piece.start] === '[') return false;
  return /^\s*=\s*$/.test(text.slice(keyPlace.end, value.start)) && value.end === piece.end;
}

function placeOf({ start, end }: Place): Omit<Splice, 'text'> {
  return { start, end };
}

function spell(value: Plain): string {
  if (isList(value)) return `[${value.map(spell).join(', ')}]`;
  if (typeof value === 'string') return spellString(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (!isPlainMap(value)) return value.raw.replace(/^(?:number|date):/, '');
  if (value.members.length === 0) return '{}';
  return `{ ${value.members.map(([key, inner]) => `${spellKey(key)} = ${spell(inner)}`).join(', ')} }`;
}

function spellString(value: string): string {
  return JSON.stringify(value).replaceAll('\u007f', String.raw`\u007f`);
}

function spellKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : spellString(key);
}
