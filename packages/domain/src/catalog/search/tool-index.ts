// Finds the tools that a question is about: the rarer a word of it is among all tools, and the more a tool's name, rather
// than its description or parameters, has of the question, the higher the tool stands. Each server has an index of its own,
// made once; how rare a word is, is counted over all of them at the moment of asking.
import { otherWordsFor, wordsOf } from './words.ts';

/** What is read of a tool. Anything may be missing or of another kind: servers write what they like. */
export interface ToolText {
  readonly name: string;
  readonly title?: unknown;
  readonly description?: unknown;
  readonly inputSchema?: unknown;
}

interface Posting {
  /** Which tool of the index. */
  readonly tool: number;
  /** How much of the word it has; a name counts for more. */
  weight: number;
  inName: boolean;
}

/** How much a word counts by where it stands. */
const weights = { name: 4, server: 2, title: 2.5, description: 1, rest: 0.35, parameter: 0.5 } as const;
/** How much another word for the same thing counts, and one that is only spelled nearly the same. */
const nearly = { same: 0.55, spelled: 0.5 } as const;
/** How soon more of the same word stops to count. */
const saturation = 1.4;
/** Characters of a description that are read, and how many of them count fully. */
const read = { most: 4_000, fully: 240 } as const;

export class ToolIndex {
  readonly size: number;
  readonly #postings = new Map<string, Posting[]>();
  /** Words in each tool's name. */
  readonly #nameWords: readonly ReadonlySet<string>[];

  constructor(server: string, tools: readonly ToolText[]) {
    this.size = tools.length;
    this.#nameWords = tools.map((tool, at) => this.#take(server, tool, at));
  }

  postings(word: string): readonly Posting[] {
    return this.#postings.get(word) ?? [];
  }

  words(): Iterable<string> {
    return this.#postings.keys();
  }

  nameWords(tool: number): ReadonlySet<string> {
    return this.#nameWords[tool] ?? new Set();
  }

  #take(server: string, tool: ToolText, at: number): ReadonlySet<string> {
    const description = textOf(tool.description).slice(0, read.most);
    const names = new Set(wordsOf(tool.name));
    this.#add(at, names, weights.name, true);
    this.#add(at, wordsOf(server), weights.server);
    this.#add(at, wordsOf(textOf(tool.title)), weights.title);
    this.#add(at, wordsOf(description.slice(0, read.fully)), weights.description);
    this.#add(at, wordsOf(description.slice(read.fully)), weights.rest);
    for (const { name, text } of parametersOf(tool.inputSchema)) {
      this.#add(at, wordsOf(name), weights.parameter);
      this.#add(at, wordsOf(text), weights.rest);
    }
    return names;
  }

  #add(tool: number, words: Iterable<string>, weight: number, inName = false): void {
    for (const word of words) {
      let list = this.#postings.get(word);
      if (list === undefined) this.#postings.set(word, (list = []));
      const last = list.at(-1);
      if (last?.tool === tool) {
        last.weight += weight;
        last.inName ||= inName;
      } else list.push({ tool, weight, inName });
    }
  }
}

export interface Found {
  /** Which of the indexes, and which tool of it. */
  readonly index: number;
  readonly tool: number;
  readonly score: number;
}

/** The best tools for a question, best first; equals in the order in which they stand. */
export function searchTools(indexes: readonly ToolIndex[], question: string, most: number): Found[] {
  const asked = [...new Set(wordsOf(question.slice(0, 1_000)))].slice(0, 40);
  const total = indexes.reduce((sum, { size }) => sum + size, 0);
  const terms = asked.map((word) => termFor(word, indexes, total)).filter(({ rarity }) => rarity > 0);
  const sum = terms.reduce((all, { rarity }) => all + rarity, 0);
  if (sum === 0) return [];
  const found = indexes.flatMap((index, at) => scored(index, at, terms, sum));
  return found.sort((a, b) => b.score - a.score || a.index - b.index || a.tool - b.tool).slice(0, most);
}

interface Term {
  /** Spellings that count for it, and how much each. */
  readonly spellings: ReadonlyMap<string, number>;
  /** How much it says that a tool has this word: much where few have it. */
  readonly rarity: number;
}

function termFor(word: string, indexes: readonly ToolIndex[], total: number): Term {
  const having = (each: string): number => indexes.reduce((sum, index) => sum + index.postings(each).length, 0);
  const spellings = new Map([[word, 1]]);
  for (const other of otherWordsFor(word)) spellings.set(other, nearly.same);
  let count = having(word);
  if (count === 0) {
    for (const similar of similarWords(word, indexes)) spellings.set(similar, nearly.spelled);
    count = Math.max(0, ...[...spellings.keys()].map(having));
  }
  return { spellings, rarity: count === 0 ? 0 : Math.log(1 + (total - count + 0.5) / (count + 0.5)) };
}

function scored(index: ToolIndex, at: number, terms: readonly Term[], sum: number): Found[] {
  const scores = new Map<number, { score: number; covered: number; named: number }>();
  for (const { spellings, rarity } of terms) {
    const best = new Map<number, { weight: number; worth: number; inName: boolean }>();
    for (const [spelling, worth] of spellings)
      for (const { tool, weight, inName } of index.postings(spelling)) {
        const value = worth * (weight / (saturation + weight));
        if (value > (best.get(tool)?.weight ?? 0)) best.set(tool, { weight: value, worth, inName });
      }
    for (const [tool, { weight, worth, inName }] of best) {
      const score = scores.get(tool) ?? { score: 0, covered: 0, named: 0 };
      score.score += rarity * weight;
      score.covered += rarity * worth;
      if (inName) score.named += worth;
      scores.set(tool, score);
    }
  }
  return [...scores].map(([tool, { score, covered, named }]) => {
    // What answers the whole question comes before what answers a part of it well, and a short name before a long one.
    const whole = 0.4 + 0.6 * (covered / sum);
    const name = 1 + 0.35 * Math.min(1, named / Math.max(1, index.nameWords(tool).size));
    return { index: at, tool, score: score * whole * name };
  });
}

/** Words that nearly are the one: it begins with them or they with it, or a letter is wrong. */
function similarWords(word: string, indexes: readonly ToolIndex[]): ReadonlySet<string> {
  const similar = new Set<string>();
  if (word.length < 5) return similar;
  for (const index of indexes)
    for (const other of index.words()) {
      if (other.length < 5 || other[0] !== word[0] || Math.abs(other.length - word.length) > 4) continue;
      if (other.startsWith(word) || word.startsWith(other) || isOneOff(word, other)) similar.add(other);
    }
  return similar;
}

/** Whether one letter more, less, other or swapped makes one of the other. */
function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  if (a.slice(at + 1) === b.slice(at + 1) || a.slice(at) === b.slice(at + 1) || a.slice(at + 1) === b.slice(at))
    return true;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** Parameters that are looked at, of one tool. */
const mostParameters = 60;

function parametersOf(schema: unknown): { readonly name: string; readonly text: string }[] {
  const properties = (schema as { properties?: unknown } | null | undefined)?.properties;
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties)
    .slice(0, mostParameters)
    .map(([name, about]) => ({
      name,
      text: textOf((about as { description?: unknown } | null)?.description).slice(0, 300),
    }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
