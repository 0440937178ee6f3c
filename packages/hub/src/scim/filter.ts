// The filters that identity providers send (RFC 7644 §3.4.2.2): comparisons with `eq`, joined by `and`. Whatever else the
// grammar allows is refused as such, rather than answered wrongly.
import { invalid } from './scim-failure.ts';

export interface Comparison {
  /** In lower case, without a schema's name in front: `username`, `emails.value`, `members.value`. */
  readonly attribute: string;
  readonly value: string | boolean;
}

const comparison = /^\s*([A-Za-z][\w.:$-]*)(?:\[([^\]"]*(?:"(?:[^"\\]|\\.)*"[^\]"]*)*)\](?:\.(\w+))?)?\s*/;
const equals = /^eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*/i;
const and = /^and\s+/i;
const longest = 2000;

/** Throws `invalidFilter` for what it does not understand. */
export function parseFilter(text: string): readonly Comparison[] {
  const found: Comparison[] = [];
  let rest = text.length > longest ? '' : text;
  do {
    const [whole, name, inner, after] = comparison.exec(rest) ?? [];
    if (whole === undefined || name === undefined) throw notUnderstood(text);
    rest = rest.slice(whole.length);
    const attribute = bareName(name);
    // `members[value eq "…"]` stands alone; `emails[type eq "work"].value eq "…"` goes on.
    if (inner !== undefined && after === undefined) {
      found.push(...parseFilter(inner).map((each) => ({ ...each, attribute: `${attribute}.${each.attribute}` })));
    } else {
      const [told, literal] = equals.exec(rest) ?? [];
      if (told === undefined || literal === undefined) throw notUnderstood(text);
      rest = rest.slice(told.length);
      found.push({
        attribute: after === undefined ? attribute : `${attribute}.${after.toLowerCase()}`,
        value: valueOf(literal, text),
      });
    }
    const [joined] = and.exec(rest) ?? [];
    if (joined === undefined) break;
    rest = rest.slice(joined.length);
  } while (found.length < 10);
  if (rest !== '') throw notUnderstood(text);
  return found;
}

/** Without the schema in front of it, in lower case. */
export function bareName(name: string): string {
  const lower = name.toLowerCase();
  return lower.startsWith('urn:') ? lower.slice(lower.lastIndexOf(':') + 1) : lower;
}

function valueOf(literal: string, text: string): string | boolean {
  try {
    const value: unknown = JSON.parse(literal.startsWith('"') ? literal : literal.toLowerCase());
    if (typeof value === 'string' || typeof value === 'boolean') return value;
  } catch {
    // An escape that JSON does not know.
  }
  throw notUnderstood(text);
}

function notUnderstood(text: string) {
  return invalid(
    `This filter is not supported: ${text.slice(0, 200)}. Use comparisons with eq, joined by and.`,
    'invalidFilter',
  );
}
