import { folded } from './folded-characters.ts';
import { createHashTable, emptyHash, type HashTable, hashOf, hashStep } from './hash-table.ts';
import { type Concept, concepts } from './lexicon.ts';

/** What words mean to the model: a concept of the lexicon, or a group of words that are used alike. */
export interface WordMeanings {
  /** Of a whole word: 1 to `groupsFrom - 1` are concepts, from there on groups, 0 neither. */
  readonly whole: HashTable;
  /** Of a beginning. */
  readonly stems: HashTable;
  /** Runs of two to four characters in scripts without spaces. */
  readonly runs: HashTable;
}

const names = Object.keys(concepts) as Concept[];
/** Numbers below are concepts and structural marks. */
export const groupsFrom = 64;
export const conceptNumber = Object.fromEntries(names.map((name, index) => [name, index + 1])) as Record<
  Concept,
  number
>;

/** `groups`: one group of words a line, words apart by spaces. */
export function createWordMeanings(groups: string): WordMeanings {
  const whole: [number, number][] = [];
  const stems: [number, number][] = [];
  const runs: [number, number][] = [];
  for (const name of names)
    for (const written of concepts[name].split(/\s+/)) {
      const isStem = written.endsWith('*');
      const word = foldedWord(isStem ? written.slice(0, -1) : written);
      if (word === '') continue;
      const entry: [number, number] = [hashOf(word), conceptNumber[name]];
      if (isRun(word)) runs.push(entry);
      else (isStem ? stems : whole).push(entry);
    }
  let number = groupsFrom;
  for (const line of groups.split('\n')) {
    for (const word of line.split(' ')) if (word !== '') whole.push([hashOf(word), number]);
    number++;
  }
  return { whole: createHashTable(whole), stems: createHashTable(stems), runs: createHashTable(runs) };
}

function foldedWord(word: string): string {
  const points = Array.from(word).flatMap((each) => folded(each.codePointAt(0) ?? 0));
  return String.fromCodePoint(...points.filter((point) => point > 0x20));
}

function isRun(word: string): boolean {
  return [...word].every((each) => standsAlone(each.charCodeAt(0)));
}

/** Characters that are tokens of their own, because their script does not put spaces between words. */
export function standsAlone(code: number): boolean {
  return (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff);
}

/** The meaning of the run of `codes` that ends with `last`, the longest that has one; 0 for none. */
export function meaningOfRun(runs: HashTable, codes: Uint16Array, first: number, last: number): number {
  for (let from = Math.max(first, last - 3); from <= last; from++) {
    let hash = emptyHash;
    for (let at = from; at <= last; at++) hash = hashStep(hash, codes[at] as number);
    const found = runs.get(hash);
    if (found !== 0) return found;
  }
  return 0;
}
