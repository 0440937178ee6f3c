// `key: value` and `key=value` wherever they are written: as a JSON member, inside a string, inside JSON inside a string
// (quotes then come with 1, 3 or 7 backslashes), in YAML, shell, URL queries, headers and code. Only keys that sound
// like a secret are looked at.

import type { Anchor } from './detector.ts';

export interface Assignment {
  /** The key, lower case, at most its last 64 characters; may have a few characters of an escape in front. */
  readonly key: string;
  /** The value without its quotes. */
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/** Names are read backwards, from the quote or `=` to their first letter, so they are grouped by their last letter. */
const secretKey =
  '(?:(?:passwor|passw|pw)d|(?:passphras|passcod|signatur)e|secret|(?:(?<!progress|page|next)toke|authorizatio)n|[A-Za-z_. -]key|credential)';
/** Read from right to left, so that a name with another last letter is left at once. */
const endsLikeKey = '(?<=[dDeEtTnNyYlL])';
const plural = String.raw`[sS\d]{0,2}`;
const variant = '[_-](?:value|prod|production|dev|test|staging|live|main|primary|old|new)(?<=[eEdDnNvVtTgGyYwW])';
/** `{"name": "DB_PASSWORD", "value": "…"}`, as lists of environment variables are written. */
const namedValue = String.raw`\\{0,7}"[ \t\r\n]{0,8},[ \t\r\n]{0,8}\\{0,7}"value`;
const quoteAfterKey = String.raw`(?:\\{0,7}["'\x60]|(?<=[\w-]))[ \t]{0,4}`;

/** Shared by every detector that reads assignments, so that it is searched once. */
export const secretAssignment: Anchor = {
  chars: ':=',
  behind: anyCase(`${secretKey}${endsLikeKey}(?:${plural}|${variant}|${namedValue})${quoteAfterKey}`),
  ahead: String.raw`[=>]?[ \t\r\n]{0,8}\\{0,7}["'\x60]?[^ \t\r\n"'\x60{\[]{2}`,
};

/** Writes each letter outside classes and escapes as a class of both cases. */
function anyCase(source: string): string {
  return source.replaceAll(/\\.|\[[^\]]*\]|[a-z]/g, (part) =>
    part.length === 1 ? `[${part.toUpperCase()}${part}]` : part,
  );
}

const keyBefore = /(?<=([\w.-]{1,64})(\\{0,7})(["'`]?)[ \t]{0,4})[:=]/y;
const nameBefore = /(?<=([\w.-]{1,64})\\{0,7}"[ \t\r\n]{0,8},[ \t\r\n]{0,8}\\{0,7}"value\\{0,7}"[ \t]{0,4}):/y;
const opening = /[:=][=>]?[ \t\r\n]{0,8}(\\{0,7})(["'`]?)/y;
const bareValue = /[^ \t\r\n"'`\\,;&|<>(){}[\]]{1,256}/y;
const longestQuoted = 4096;

/**
 * Reads the assignment whose `:` or `=` is at `at`; null when its key does not match `keys` (which sees it in lower
 * case), or when there is no value, or none of a sensible length.
 */
export function readAssignment(text: string, at: number, keys: RegExp): Assignment | null {
  keyBefore.lastIndex = at;
  const before = keyBefore.exec(text);
  if (before === null) return null;
  const key = keyName(text, at, before[1] ?? '');
  if (!keys.test(key)) return null;
  opening.lastIndex = at;
  const opened = opening.exec(text);
  if (opened === null) return null;
  const [, slashes = '', quote = ''] = opened;
  const start = opening.lastIndex;
  if (quote === '') {
    if (slashes !== '') return null;
    bareValue.lastIndex = start;
    return bareValue.test(text) ? { key, start, end: bareValue.lastIndex, quoted: false } : null;
  }
  // A bare quote after `password=` ends the JSON string it stands in; it opens a value only as part of the JSON itself.
  if (quote === '"' && slashes === '' && !(before[3] === '"' && before[2] === '')) return null;
  const end = closingQuote(text, start, quote, slashes.length);
  if (quote !== '"' && end !== -1 && text.slice(start, end).includes('"')) return null;
  return end === -1 ? null : { key, start, end, quoted: true };
}

function keyName(text: string, at: number, found: string): string {
  if (found !== 'value') return found.toLowerCase();
  nameBefore.lastIndex = at;
  return (nameBefore.exec(text)?.[1] ?? found).toLowerCase();
}

/**
 * The index where a value opened by `quote` behind `slashes` backslashes ends. At nesting level n a quote is written
 * with 2^n - 1 backslashes, and a backslash of the value before it with 2^(n+1) more.
 */
function closingQuote(text: string, from: number, quote: string, slashes: number): number {
  const limit = Math.min(text.length, from + longestQuoted);
  for (let at = text.indexOf(quote, from); at !== -1 && at <= limit; at = text.indexOf(quote, at + 1)) {
    let first = at;
    while (first > from && text.charCodeAt(first - 1) === 92) first--;
    const run = at - first;
    if (run % (2 * (slashes + 1)) === slashes) return at - slashes;
    if (quote === '"' && run % 2 === 0) return -1;
  }
  return -1;
}
