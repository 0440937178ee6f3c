// Environment variables and headers as rows of a form. Values that the hub keeps are never shown: such a row holds null
// until another value is typed. Pure.

export interface Pair {
  /** For React; means nothing. */
  readonly key: number;
  readonly name: string;
  /** null: keep what is stored under this name. */
  readonly value: string | null;
}

let nextKey = 0;

export function pair(name = '', value: string | null = ''): Pair {
  nextKey += 1;
  return { key: nextKey, name, value };
}

/** Rows for names whose values are stored. */
export function storedPairs(names: readonly string[]): readonly Pair[] {
  return names.map((name) => pair(name, null));
}

/** Rows without a name are left out; of equal names the last one counts. */
export function recordOf(pairs: readonly Pair[]): Record<string, string | null> {
  return Object.fromEntries(
    pairs.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
  );
}

/** For a new server, where nothing is stored yet. */
export function valuesOf(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(Object.entries(recordOf(pairs)).map(([name, value]) => [name, value ?? '']));
}

/** `NAME=value` lines, as in an .env file, pasted into a name field; null: the text is something else. */
export function pairsFromText(text: string): readonly Pair[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  const read = lines.map((line) => /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_-]*)\s*[=:]\s*(.*?)\s*$/.exec(line));
  if (read.length === 0 || read.some((match) => match === null)) return null;
  return read.map((match) => pair(match?.[1] ?? '', unquoted(match?.[2] ?? '')));
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}
