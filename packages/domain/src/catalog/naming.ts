// Names under which the merged endpoint offers what its servers offer: `<server>__<name>`, at most 64 characters, the same
// every time. A server's own name has no underscore, so the first `__` always ends the prefix.
import { createHash } from 'node:crypto';

export const separator = '__';
const longest = 64;
const longestPrefix = 24;

/** The prefix that stands for a server in merged names. */
export function prefixOf(server: string): string {
  return server.length <= longestPrefix ? server : `${server.slice(0, longestPrefix - 9)}-${digest(server)}`;
}

/** What the merged endpoint calls `name` of `server`. Characters that clients refuse become `_`. */
export function mergedName(server: string, name: string): string {
  const plain = `${prefixOf(server)}${separator}${name}`;
  if (plain.length <= longest && /^[A-Za-z0-9_.-]+$/.test(plain)) return plain;
  const safe = plain.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, longest - 9);
  return `${safe}_${digest(name)}`;
}

/** Splits a merged name; null when it has no prefix. `rest` is the server's own name for it unless it had to be shortened. */
export function splitMergedName(name: string): { readonly prefix: string; readonly rest: string } | null {
  const at = name.indexOf(separator);
  return at <= 0 ? null : { prefix: name.slice(0, at), rest: name.slice(at + separator.length) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
