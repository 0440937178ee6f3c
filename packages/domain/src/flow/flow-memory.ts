// Where the values of a conversation came from. A plain request hidden in a result reads like any other text; what gives it
// away is that a call then sends something to an address which nobody but that result ever named. Remembered are digests,
// never values; bounded, the oldest forgotten first. It only says where values came from; what follows is for policies.
import { type FlowFacts, type FlowSource, noFlow, untrusted } from './flow-facts.ts';
import { longestRead, tellingValues } from './telling-values.ts';
import { Recollection } from './recollection.ts';
import { runsOf } from './word-runs.ts';

export interface FlowMemory {
  /** What the caller says is the caller's own from then on, unless a result said it before. */
  said(texts: readonly string[]): void;
  /** Somebody looked at these addresses and let them pass: they are the caller's own, whoever named them first. */
  vouched(texts: readonly string[]): void;
  read(texts: readonly string[], source: FlowSource): void;
  /** Does not remember anything: call `said` when the call is let through. */
  facts(texts: readonly string[]): FlowFacts;
  /** How much is remembered, in values and runs of words. */
  readonly size: number;
}

const mostDestinations = 6_000;
const mostOthers = 12_000;
const mostSources = 2_000;
/** Characters of all texts of one message together. */
const mostRead = 524_288;

/** `seed` is secret: who knew it could make up values that are taken for others. */
export function createFlowMemory(seed = 0): FlowMemory {
  const sources = new Sources();
  const destinations = new Recollection(mostDestinations);
  const others = new Recollection(mostOthers);
  /** Set once something that a stranger wrote may have been missed: then what nobody is known to have named counts as theirs. */
  let isIncomplete = false;

  const keep = (texts: readonly string[], origin: number): boolean => {
    let left = mostRead;
    for (const text of texts) {
      if (text.length > longestRead || text.length > left) return false;
      left -= text.length;
      for (const { kind, value } of tellingValues(text))
        (kind === 'destination' ? destinations : others).keep(digest(value, seed), origin);
      for (const run of runsOf(text)) others.keep(digest(run, seed), origin);
      const whole = wholeOf(text);
      if (whole !== null) others.keep(digest(whole, seed), origin);
    }
    return true;
  };

  return {
    get size() {
      return destinations.size + others.size;
    },
    said: (texts) => void keep(texts, own),
    vouched(texts) {
      for (const text of texts)
        for (const { kind, value } of tellingValues(text))
          if (kind === 'destination') destinations.replace(digest(value, seed), own);
    },
    read(texts, source) {
      const isWhole = keep(texts, sources.numberOf(source));
      if (source.labels.includes(untrusted) && !isWhole) isIncomplete = true;
    },
    facts(texts) {
      if (destinations.size + others.size === 0) return noFlow;
      const found = new Set<string>();
      const mentioned = new Set<string>();
      const from = new Set<number>();
      let runs = 0;
      let copied = 0;
      const isLost = isIncomplete || destinations.hasForgotten;
      for (const text of texts) {
        for (const { kind, value } of tellingValues(text)) {
          const isDestination = kind === 'destination';
          const origin = (isDestination ? destinations : others).of(digest(value, seed));
          const isStranger =
            origin === undefined ? isLost : origin !== own && sources.at(origin).labels.includes(untrusted);
          if (isDestination && isStranger) (text.length <= longestAddressed ? found : mentioned).add(value);
          if (origin === undefined || origin === own) continue;
          from.add(origin);
        }
        const whole = wholeOf(text);
        const named = whole === null ? own : (others.of(digest(whole, seed)) ?? own);
        if (named !== own) from.add(named);
        for (const run of runsOf(text)) {
          runs++;
          const origin = others.of(digest(run, seed));
          if (origin === undefined || origin === own) continue;
          copied++;
          from.add(origin);
        }
      }
      const known = [...from].map((origin) => sources.at(origin));
      return {
        destinations: [...found],
        mentions: [...found.union(mentioned)],
        followsLinks: followsLinks(texts, (link) => others.of(digest(link, seed))),
        copied: runs === 0 ? 0 : copied / runs,
        labels: [...new Set(known.flatMap(({ labels }) => labels))].toSorted(),
        servers: [...new Set(known.map(({ server }) => server))].toSorted(),
      };
    },
  };
}

const own = 0;

/** A text that is short enough to be a value by itself, and long enough to mean one thing. */
function wholeOf(text: string): string | null {
  const plain = text.length > 300 ? '' : text.trim().toLowerCase();
  return plain.length >= 6 && plain.length <= 200 ? `=${plain}` : null;
}

/** Characters of a text that says where something goes, rather than being what is sent. */
const longestAddressed = 500;

/** Too little to carry a secret. */
const littleWord = 12;

function followsLinks(texts: readonly string[], originOf: (link: string) => number | undefined): boolean {
  let links = 0;
  for (const text of texts) {
    if (text.length <= littleWord) continue;
    const [link] = tellingValues(text).filter(({ kind }) => kind === 'link');
    if (link === undefined || !/^[a-z]{2,10}$/i.test(text.slice(0, -link.value.length))) return false;
    if (!text.endsWith(link.value) || (originOf(link.value) ?? own) === own) return false;
    links++;
  }
  return links > 0;
}

/** Each kind of source once, by a number; beyond the bound all are one that counts as untrusted. */
class Sources {
  readonly #all: FlowSource[] = [{ server: '', labels: [] }];
  readonly #numbers = new Map<string, number>();

  numberOf(source: FlowSource): number {
    const key = JSON.stringify([source.server, source.labels]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const isFull = this.#all.length >= mostSources;
    const number = isFull ? mostSources : this.#all.length;
    this.#all[number] ??= isFull ? { server: '', labels: [untrusted] } : source;
    if (!isFull) this.#numbers.set(key, number);
    return number;
  }

  at(number: number): FlowSource {
    return this.#all[number] ?? { server: '', labels: [untrusted] };
  }
}

/** 53 bits: enough that no two values of a conversation meet by chance. */
function digest(value: string, seed: number): number {
  let a = 0x811c9dc5 ^ seed;
  let b = 0x9747b28c ^ Math.imul(seed, 0x85ebca6b);
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + at), 0x5bd1e995);
    b ^= b >>> 13;
  }
  return (a >>> 0) * 0x20_0000 + ((b ^ (b >>> 11)) & 0x1f_ffff);
}
