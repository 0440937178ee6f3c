import type { Member } from '../reading/config-tree.ts';
import { removeFromBraces, spell } from './json-spelling.ts';
import type { Plain } from './plain.ts';
import type { Spelling } from './spelling.ts';
import { lineBreakOf, lineStart, nextLine, type Splice } from './splice.ts';

/** JSON is YAML: new values are written so, on one line, whatever surrounds them. */
export const yamlSpelling: Spelling = {
  replace: (text, _map, member, value) => [replaced(text, member, value)],
  insert: (text, map, { side, member }, key, value) => {
    const written = `${spellKey(key)}: ${spell(value, true)}`;
    const { start } = member.keyPlace;
    const end = member.pieces.at(-1)?.end ?? member.value.end;
    if (map.flow) {
      const at = side === 'before' ? start : end;
      return [{ start: at, end: at, text: side === 'before' ? `${written}, ` : `, ${written}` }];
    }
    const line = `${lineBreakOf(text)}${' '.repeat(start - lineStart(text, start))}`;
    if (side === 'before') return [{ start, end: start, text: `${written}${line}` }];
    // Behind the comment that may follow on the same line.
    const at = endOfLine(text, end);
    return [{ start: at, end: at, text: `${line}${written}` }];
  },
  remove: (text, map, member, owner) => {
    if (map.flow) return removeFromBraces(text, map, member);
    if (map.members.length === 1 && owner !== undefined) return [replaced(text, owner, { members: [] })];
    const { start } = member.keyPlace;
    const end = member.pieces.at(-1)?.end ?? member.value.end;
    const next = map.members[map.members.indexOf(member) + 1];
    const opensLine = /^[ ]*$/.test(text.slice(lineStart(text, start), start));
    // The first member of an item stands behind its dash: the next one moves up.
    if (!opensLine && next !== undefined) return [{ start, end: next.keyPlace.start, text: '' }];
    if (nextLine(text, end) < text.length || text.endsWith('\n')) {
      return [{ start: lineStart(text, start), end: nextLine(text, end), text: '' }];
    }
    // At the end of a file that does not end its last line, the line break before goes.
    const from = lineStart(text, start) - lineBreakOf(text).length;
    return [{ start: Math.max(0, from), end: text.length, text: '' }];
  },
};

function replaced(text: string, member: Member, value: Plain): Splice {
  const { colon, keyPlace, pieces } = member;
  const end = pieces.at(-1)?.end ?? member.value.end;
  const isOnLine = member.value.start > keyPlace.end && !text.slice(keyPlace.end, end).includes('\n');
  const hasProperties = colon !== undefined && /\S/.test(text.slice(colon + 1, member.value.start));
  if (isOnLine && !hasProperties) return { start: member.value.start, end: member.value.end, text: spell(value, true) };
  const start = colon === undefined ? keyPlace.end : colon + 1;
  const colonIfNone = colon === undefined ? ':' : '';
  return { start, end, text: `${colonIfNone} ${spell(value, true)}` };
}

function endOfLine(text: string, at: number): number {
  const found = /\r?\n|$/.exec(text.slice(at));
  return at + (found?.index ?? 0);
}

function spellKey(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(key)
    ? key
    : JSON.stringify(key);
}
