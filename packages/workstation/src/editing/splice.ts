/** Puts `text` in the place of `start` to `end`, in UTF-16 units. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Splices must not overlap; their order does not matter. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let at = 0;
  for (const splice of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (splice.start < at) throw new Error('splices overlap');
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

export function lineBreakOf(text: string): string {
  return /\r\n|\n/.exec(text)?.[0] ?? '\n';
}

/** Where the line begins that `at` stands in. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Behind the line break of the line that `at` stands in. */
export function nextLine(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 ? text.length : found + 1;
}

/** What stands in front of `at` in its line, when that is only space; undefined otherwise. */
export function indentBefore(text: string, at: number): string | undefined {
  const before = text.slice(lineStart(text, at), at);
  return /^[ \t]*$/.test(before) ? before : undefined;
}

/** Where the spaces end that begin at `at`; line breaks are none. */
export function afterSpaces(text: string, at: number): number {
  let end = at;
  while (text[end] === ' ' || text[end] === '\t') end += 1;
  return end;
}

/** Widens a cut to its whole line where nothing else is left on it, and otherwise to the spaces behind it. */
export function cutWithLine(text: string, start: number, end: number): Splice {
  const indent = indentBefore(text, start);
  const behind = afterSpaces(text, end);
  const isLineEnd = behind >= text.length || text[behind] === '\n' || text[behind] === '\r';
  if (indent !== undefined && isLineEnd && start - indent.length > 0) {
    return { start: start - indent.length, end: nextLine(text, behind), text: '' };
  }
  return { start, end: isLineEnd ? end : behind, text: '' };
}
