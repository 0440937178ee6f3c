import type { MapNode, Member } from '../reading/config-tree.ts';
import { isList, isPlainMap, type Plain } from './plain.ts';
import type { Spelling } from './spelling.ts';
import { afterSpaces, cutWithLine, indentBefore, lineBreakOf, type Splice } from './splice.ts';

export const jsonSpelling: Spelling = {
  replace: (text, map, member, value) => [{ ...member.value, text: spell(value, isAiry(text, map)) }].map(only),
  insert: (text, map, { side, member }, key, value) => {
    const airy = isAiry(text, map);
    const written = `${JSON.stringify(key)}:${airy ? ' ' : ''}${spell(value, airy)}`;
    const start = member.keyPlace.start;
    const indent = indentBefore(text, start);
    const between = indent === undefined ? (airy ? ' ' : '') : `${lineBreakOf(text)}${indent}`;
    if (side === 'before') return [{ start, end: start, text: `${written},${between}` }];
    const end = member.value.end;
    return [{ start: end, end, text: `,${between}${written}` }];
  },
  remove: (text, map, member) => removeFromBraces(text, map, member),
};

/** For everything that is written with braces and commas. */
export function removeFromBraces(text: string, { members }: MapNode, member: Member): readonly Splice[] {
  const { start } = member.keyPlace;
  const { end } = member.value;
  if (member.comma !== undefined) {
    const comma = { start: member.comma, end: member.comma + 1, text: '' };
    const isNext = /^\s*$/.test(text.slice(end, member.comma));
    return isNext ? [cutWithLine(text, start, member.comma + 1)] : [{ start, end, text: '' }, comma];
  }
  // The last one without a comma takes the comma before it along.
  const before = members[members.indexOf(member) - 1];
  if (before?.comma === undefined) return [{ start, end, text: '' }];
  const comma = { start: before.comma, end: before.comma + 1, text: '' };
  const cut = cutWithLine(text, start, end);
  if (cut.end > end || !/^\s*$/.test(text.slice(comma.end, start))) return [comma, cut];
  // On one line: from the comma on, so that the space before the closing brace stays as it was.
  return [{ start: comma.start, end, text: '' }];
}

function only({ start, end, text }: Splice): Splice {
  return { start, end, text };
}

/** Whether the file has a space behind its colons. */
function isAiry(text: string, { members }: MapNode): boolean {
  const [first] = members;
  return first === undefined || afterSpaces(text, first.value.start - 1) !== first.value.start - 1;
}

export function spell(value: Plain, airy: boolean): string {
  const comma = airy ? ', ' : ',';
  if (isList(value)) return `[${value.map((item) => spell(item, airy)).join(comma)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (!isPlainMap(value)) return value.raw.replace(/^(?:number|date):/, '');
  if (value.members.length === 0) return '{}';
  const pairs = value.members.map(([key, inner]) => `${JSON.stringify(key)}:${airy ? ' ' : ''}${spell(inner, airy)}`);
  return airy ? `{ ${pairs.join(comma)} }` : `{${pairs.join(comma)}}`;
}
