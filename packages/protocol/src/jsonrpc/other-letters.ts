// Some readers take member names without regard to case, and then the last one counts: to them a second spelling of what
// was judged would say something else.

/** Names by their spelling in lower case. */
export type Spellings = ReadonlyMap<string, string>;

/** Of a known name, in bytes: its longest letter takes three. */
const longest = 30;

export function spellings(names: readonly string[]): Spellings {
  return new Map(names.map((name) => [name.toLowerCase(), name]));
}

/** The known name that `key` is in other letters; null when it is none, or exactly that. `key` is a view of bytes. */
export function spelledOtherwise(key: string, known: Spellings): string | null {
  const name = key.length > longest ? undefined : known.get(folded(key));
  return name === undefined || name === key ? null : name;
}

/** In lower case, the long s and the Kelvin sign included, which may stand there as bytes or have been escapes. */
function folded(key: string): string {
  const text = key.replace(/[\x80-\xff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
  return text.toUpperCase().toLowerCase();
}
