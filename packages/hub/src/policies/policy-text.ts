// A policy as the text that its author edits: their own words and comments, with what has changed since put in.
import { isDeepStrictEqual } from 'node:util';
import { isMap, parse, parseDocument } from 'yaml';
import { type FilePolicy, parseFilePolicy, writePolicyDocument } from './policy-file.ts';

/** `source` is what the author wrote when they saved it; where that says something else by now, the policy counts. */
export function policyTextOf(policy: FilePolicy, source: string | null): string {
  const plain = writePolicyDocument(policy);
  return (source === null ? null : broughtUpToDate(source, plain)) ?? plain;
}

function broughtUpToDate(source: string, plain: string): string | null {
  const document = parseDocument(source);
  if (document.errors.length > 0 || !isMap(document.contents)) return null;
  const said = parseFilePolicy(document);
  if (said === null) return null;
  const now = parseFilePolicy(parseDocument(plain));
  if (now === null) return null;
  const changed = (Object.keys(now) as (keyof FilePolicy)[]).filter((key) => !isDeepStrictEqual(said[key], now[key]));
  if (changed.length === 0) return source.endsWith('\n') ? source : `${source}\n`;
  const written = parse(plain) as Readonly<Record<string, unknown>>;
  for (const key of changed) {
    if (key in written) document.set(key, document.createNode(written[key]));
    else document.delete(key);
  }
  const text = document.toString({ lineWidth: 110 });
  return isDeepStrictEqual(parseFilePolicy(parseDocument(text)), now) ? text : null;
}
