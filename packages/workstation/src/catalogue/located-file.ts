// A file that a person points at, of a client that they name: which of the client's locations it is like. The content
// decides the rest, because configs are copied between places.
import { posix, win32 } from 'node:path';
import type { Client, ConfigFormat, ConfigLocation, Platform } from './client.ts';

export interface FileMeaning {
  readonly format: ConfigFormat;
  /** The client's locations that the file may be, the likeliest first, one for each pointer. */
  readonly locations: readonly ConfigLocation[];
}

/** Rules for servers lie beside the servers in some clients, under the same key. */
const policyFiles = ['requirements.toml', 'managed-settings.json'];

export function isPolicyFile(path: string): boolean {
  return policyFiles.includes(path.split(/[\\/]/).at(-1) ?? '');
}

export function meaningOf(path: string, client: Client, platform: Platform): FileMeaning {
  const segments = (platform === 'windows' ? win32 : posix).normalize(path).split(/[\\/]/);
  const format = formatOf(segments.at(-1) ?? '', client);
  const fitting = client.locations.filter(
    (location) => location.pointer !== undefined && isKin(location.format, format),
  );
  const scored = fitting.map((location) => ({ location, score: bestMatch(segments, location) }));
  const sorted = scored.toSorted((a, b) => b.score - a.score).map(({ location }) => location);
  const pointers = new Set<string>();
  const locations = sorted.filter(({ pointer }) => {
    const key = JSON.stringify(pointer);
    return !pointers.has(key) && pointers.add(key);
  });
  // The document itself is what it is when no pointer leads anywhere.
  return { format, locations: locations.toSorted((a, b) => Number(isBare(a)) - Number(isBare(b))) };
}

function isBare({ pointer }: ConfigLocation): boolean {
  return pointer?.length === 0;
}

const jsonKin: readonly ConfigFormat[] = ['json', 'jsonc', 'json5'];

function isKin(one: ConfigFormat, other: ConfigFormat): boolean {
  return one === other || (jsonKin.includes(one) && jsonKin.includes(other));
}

function formatOf(name: string, client: Client): ConfigFormat {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (extension === 'toml') return 'toml';
  if (extension === 'yaml' || extension === 'yml') return 'yaml';
  const formats = client.locations.map(({ format }) => format);
  return jsonKin.findLast((format) => formats.includes(format)) ?? 'jsonc';
}

function bestMatch(segments: readonly string[], { path }: ConfigLocation): number {
  const patterns = typeof path === 'string' || Array.isArray(path) ? [path] : Object.values(path);
  return Math.max(-1, ...patterns.flat().map((pattern) => tailMatch(segments, String(pattern).split('/'))));
}

/** How many names at the end are the same. */
function tailMatch(segments: readonly string[], pattern: readonly string[]): number {
  let same = 0;
  while (same < pattern.length && segments.at(-1 - same) === pattern.at(-1 - same)) same += 1;
  // A place of the whole computer is that one file, and none that ends alike.
  const isAbsolute = /^(?:|[A-Za-z]:|%ProgramData%)$/.test(pattern[0] ?? '');
  return isAbsolute && segments.length !== same ? -1 : same;
}
