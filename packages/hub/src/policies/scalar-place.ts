// From a place in a text of YAML's to the place where it is written: through quotes, indentation and folded lines.
import type { Scalar } from 'yaml';

/** Offsets into the whole text. `within` are offsets into the scalar's value; null where it has no place. */
export function scalarPlace(
  text: string,
  scalar: Scalar,
  within: { readonly start: number; readonly end: number },
): [number, number] | null {
  const { range, value, type } = scalar;
  if (range === undefined || range === null || typeof value !== 'string') return null;
  let at = range[0];
  if (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') at += 1;
  else if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') at = text.indexOf('\n', at) + 1;
  const last = range[1];
  let start = at;
  for (let index = 0; index < value.length; index += 1) {
    const isSpace = /\s/.test(value.charAt(index));
    if (!isSpace) while (at < last && text[at] !== value[index]) at += 1;
    if (index === within.start) start = at;
    if (index === within.end) return [start, Math.max(start, at)];
    if (!isSpace) at += 1;
    else if (/\s/.test(text.charAt(at))) at = afterSpace(text, at, last);
  }
  if (within.start >= value.length) start = at;
  return [start, Math.max(start, Math.min(at, last))];
}

/** One space, or the end of a line with the indentation of the next. */
function afterSpace(text: string, at: number, last: number): number {
  let end = text.indexOf('\n', at);
  if (end < 0 || end >= last || text.slice(at, end).trim() !== '') return at + 1;
  end += 1;
  while (end < last && text[end] === ' ') end += 1;
  return end;
}
