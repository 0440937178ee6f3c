import type { Anchor } from './detector.ts';

/**
 * One RegExp source that matches where any of the anchors does, beginning with its character. Each alternative begins
 * with another character, and literal texts before it share their common endings: that is what makes the search fast.
 */
export function anchorSource(anchors: readonly Anchor[]): string {
  const byChars = Map.groupBy(anchors, ({ chars }) => chars);
  return [...byChars].map(([chars, group]) => alternative(chars, group)).join('|');
}

function alternative(chars: string, anchors: readonly Anchor[]): string {
  const one = `[${chars.replaceAll(/[\\\]^-]/g, String.raw`\$&`)}]`;
  const literals: string[] = [];
  const choices = new Set<string>();
  for (const { after = '', behind = '', ahead = '' } of anchors) {
    if (after !== '' && ahead === '' && behind === '') literals.push(after);
    else choices.add(`${lookbehind(behind, one)}${lookbehind(literal(after), one)}${ahead && `(?:${ahead})`}`);
  }
  if (literals.length > 0) choices.add(lookbehind(endings(literals), one));
  return `${one}(?:${[...choices].join('|')})`;
}

const lookbehind = (source: string, one: string): string => source && `(?<=(?:${source})${one})`;

/** A source that matches where one of the words ends, written as a tree from their last letters to their first. */
function endings(words: readonly string[]): string {
  if (words.includes('')) return '';
  const byLast = Map.groupBy(new Set(words), (word) => word.charAt(word.length - 1));
  const branches = [...byLast].map(
    ([last, ending]) => endings(ending.map((word) => word.slice(0, -1))) + literal(last),
  );
  return branches.length === 1 ? branches.join('') : `(?:${branches.join('|')})`;
}

const literal = (text: string): string => text.replaceAll(/[^A-Za-z0-9_-]/g, String.raw`\$&`);
