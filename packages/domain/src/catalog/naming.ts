// Names under which the merged endpoint offers what its servers offer: `<server>__<name>`, at most 64 characters, the same
// every time, and never the same for two things. A prefix has no `__` in it, so the first one always ends it.
import { createHash } from 'node:crypto';

/**
 * The path segment of the merged endpoint that lists no tools but those that search for and call the others. It is no
 * server's name.
 */
export const searchEndpoint = '_search';

/** Whether an endpoint, by its path segment, stands for all servers. */
export function isMergedEndpoint(endpoint: string | null): boolean {
  return endpoint === null || endpoint === searchEndpoint;
}

const separator = '__';
const longest = 64;
const longestPrefix = 24;
/** How names end that are not simply prefix and name. */
const digestEnd = /_[0-9a-f]{8}$/;
const digestLength = 9;

/** The prefix that stands for a server in merged names. Server names hold no `_`, so a shortened one is nobody's name. */
export function prefixOf(server: string): string {
  return server.length <= longestPrefix ? server : withDigest(server, server, longestPrefix);
}

/**
 * What the merged endpoint calls `name` of `server`. One that is too long, has characters that clients refuse, or looks
 * as if it had a digest, gets one: `hasDigest` tells those, and only lists tell what they stand for.
 */
export function mergedName(server: string, name: string): string {
  const plain = `${prefixOf(server)}${separator}${name}`;
  if (plain.length <= longest && /^[A-Za-z0-9_.-]+$/.test(plain) && !hasDigest(plain)) return plain;
  return withDigest(plain.replace(/[^A-Za-z0-9_.-]/g, '_'), name, longest);
}

export function hasDigest(merged: string): boolean {
  return digestEnd.test(merged);
}

/** Splits a merged name; null when it has no prefix. `rest` is the server's own name for it unless it has a digest. */
export function splitMergedName(name: string): { readonly prefix: string; readonly rest: string } | null {
  const at = name.indexOf(separator);
  return at <= 0 ? null : { prefix: name.slice(0, at), rest: name.slice(at + separator.length) };
}

function withDigest(text: string, of: string, length: number): string {
  const digest = createHash('sha256')
    .update(of)
    .digest('hex')
    .slice(0, digestLength - 1);
  return `${text.slice(0, length - digestLength)}_${digest}`;
}
