// What the model sees of a text: hashed runs of characters, words, meanings, and pairs of concepts, token by token. A
// window's evidence is the sum over its tokens, so one walk serves windows of every size.
import { afterUnseen, type FoldedText, pictograph, wasDisguised, wasUpper } from './fold-text.ts';
import { emptyHash, hashOf, hashStep, mixed } from './hash-table.ts';
import { groupsFrom, meaningOfRun, standsAlone, type WordMeanings } from './word-meanings.ts';

/** Kinds of features; each has its own range of numbers and its own norm. */
export const blocks = [
  { name: 'characters', size: 1 << 18 },
  { name: 'words', size: 1 << 18 },
  { name: 'meanings', size: 1 << 17 },
  { name: 'pairs', size: 1 << 15 },
] as const;
export const blockStarts: readonly number[] = blocks.reduce<number[]>(
  (starts, { size }) => [...starts, (starts.at(-1) ?? 0) + size],
  [0],
);
export const featureCount = blockStarts.at(-1) ?? 0;

/** Structural marks, numbered behind the concepts. */
const structure = groupsFrom - 1;
const marks = {
  lineRole: structure,
  comment: structure - 1,
  special: structure - 2,
  heading: structure - 3,
  address: structure - 4,
  mail: structure - 5,
  unseen: structure - 6,
  disguised: structure - 7,
  upper: structure - 8,
  path: structure - 9,
  decoded: structure - 10,
  tag: structure - 11,
  fence: structure - 12,
  picture: structure - 13,
  quoted: structure - 14,
};
export const decodedMark = marks.decoded;

export interface Features {
  /** Feature numbers, token after token. */
  ids: Int32Array;
  count: number;
  /** For each token: where its features begin; one more than tokens. */
  starts: Int32Array;
  /** For each token: first and one past the last unit of the folded text. */
  from: Int32Array;
  to: Int32Array;
  tokens: number;
  /** Which tokens are words. */
  wordTokens: Int32Array;
  wordCount: number;
}

export function createFeatures(): Features {
  const tokens = 1024;
  return {
    ids: new Int32Array(tokens * 32),
    count: 0,
    starts: new Int32Array(tokens + 1),
    from: new Int32Array(tokens),
    to: new Int32Array(tokens),
    tokens: 0,
    wordTokens: new Int32Array(tokens),
    wordCount: 0,
  };
}

const wordsBase = blockStarts[1] ?? 0;
const meaningsBase = blockStarts[2] ?? 0;
const pairsBase = blockStarts[3] ?? 0;
const charactersMask = blocks[0].size - 1;
const wordsMask = blocks[1].size - 1;
const meaningsMask = blocks[2].size - 1;
const pairsMask = blocks[3].size - 1;
/** How many concepts back a pair may reach, and how many words. */
const pairReach = 5;
const pairWords = 14;
/** A token this long is a blob: its inside says nothing as words. */
const longestWord = 40;
const mostPerToken = 400;

/** Writes the features of `text` into `into`, which is emptied first. `prefix` is a mark that stands before it, or 0. */
export function extractFeatures(text: FoldedText, meanings: WordMeanings, into: Features, prefix = 0): void {
  const { codes, length } = text;
  into.count = 0;
  into.tokens = 0;
  into.wordCount = 0;
  const recentConcepts = new Int32Array(pairReach);
  const recentAt = new Int32Array(pairReach).fill(-1000);
  let recent = 0;
  let word1 = 1;
  let word2 = 2;
  let meaning1 = 1;
  let meaning2 = 2;
  let meaning3 = 3;
  let wordIndex = 0;
  /** Words since a sentence began, and what its first word means: orders begin with a verb, reports seldom do. */
  let sinceStart = 0;
  let opening = 0;

  const meant = (meaning: number): void => {
    const { ids } = into;
    let h = Math.imul(meaning + 1, 0x9e3779b1);
    ids[into.count++] = meaningsBase + (mixed(h) & meaningsMask);
    h = Math.imul(h ^ meaning1, 0x85ebca6b) + 1;
    ids[into.count++] = meaningsBase + (mixed(h) & meaningsMask);
    const skip = Math.imul(Math.imul(meaning + 1, 0x9e3779b1) ^ meaning2, 0xc2b2ae35) + 7;
    ids[into.count++] = meaningsBase + (mixed(skip) & meaningsMask);
    h = Math.imul(h ^ meaning2, 0xc2b2ae35) + 2;
    ids[into.count++] = meaningsBase + (mixed(h) & meaningsMask);
    h = Math.imul(h ^ meaning3, 0x27d4eb2f) + 3;
    ids[into.count++] = meaningsBase + (mixed(h) & meaningsMask);
    meaning3 = meaning2;
    meaning2 = meaning1;
    meaning1 = meaning;
    if (meaning === 0 || meaning >= groupsFrom) return;
    let before = 0;
    for (let back = 1; back <= pairReach; back++) {
      const slot = (recent - back + pairReach * 4) % pairReach;
      const distance = wordIndex - (recentAt[slot] as number);
      if (distance > pairWords) break;
      const other = recentConcepts[slot] as number;
      const near = distance <= 4 ? 1 : 0;
      const pair = (other * groupsFrom + meaning) * 2 + near;
      ids[into.count++] = pairsBase + (pair & 0x1fff);
      if (before !== 0 && back <= 3) {
        const triple = Math.imul((other * groupsFrom + before) * groupsFrom + meaning, 0x9e3779b1);
        ids[into.count++] = pairsBase + 0x2000 + ((mixed(triple) >>> 1) % (pairsMask + 1 - 0x2000));
      }
      before = other;
    }
    recentConcepts[recent % pairReach] = meaning;
    recentAt[recent % pairReach] = wordIndex;
    recent++;
  };
  const worded = (hash: number): void => {
    const { ids } = into;
    let h = Math.imul(hash, 0x9e3779b1);
    ids[into.count++] = wordsBase + (mixed(h) & wordsMask);
    h = Math.imul(h ^ word1, 0x85ebca6b) + 1;
    ids[into.count++] = wordsBase + (mixed(h) & wordsMask);
    h = Math.imul(h ^ word2, 0xc2b2ae35) + 2;
    ids[into.count++] = wordsBase + (mixed(h) & wordsMask);
    word2 = word1;
    word1 = hash;
    wordIndex++;
  };
  const placed = (hash: number, meaning: number): void => {
    const { ids } = into;
    if (sinceStart === 0) {
      opening = meaning;
      ids[into.count++] = wordsBase + (mixed(Math.imul(hash, 0x9e3779b1) ^ 0x51ed270b) & wordsMask);
      ids[into.count++] = meaningsBase + (mixed(Math.imul(meaning + 1, 0x2545f491) + 11) & meaningsMask);
    } else if (sinceStart < 6 && opening !== 0 && meaning !== 0)
      ids[into.count++] =
        meaningsBase + (mixed(Math.imul(Math.imul(opening + 1, 0x2545f491) ^ meaning, 0x85ebca6b) + 13) & meaningsMask);
    sinceStart++;
  };
  const characters = (from: number, to: number): void => {
    const { ids } = into;
    for (let at = from; at < to; at++) {
      let hash = generalised(codes[at] as number);
      for (let back = 1; back < 5; back++) {
        const code = at - back < 0 ? 0x20 : generalised(codes[at - back] as number);
        hash = Math.imul(hash ^ code, 0x01000193) + (code << 7);
        if (back >= 2) ids[into.count++] = mixed(hash) & charactersMask;
        if (code === 0x20) break;
      }
    }
  };

  if (prefix !== 0) {
    begin(into, 0, 0, false);
    meant(prefix);
  }
  let at = 0;
  let lineStart = true;
  while (at < length) {
    const code = codes[at] as number;
    if (code === 0x20 || code === 0x0a) {
      if (code === 0x0a) {
        lineStart = true;
        sinceStart = 0;
      }
      at++;
      continue;
    }
    const from = at;
    if (standsAlone(code)) {
      at++;
      begin(into, from, at, true);
      characters(from, at);
      worded(code * 0x10001);
      meant(meaningOfRun(meanings.runs, codes, Math.max(0, from - 3), from));
    } else if (isWordCode(code)) {
      let hash = emptyHash;
      let stem = 0;
      let upper = 0;
      let hidden = 0;
      let digits = 0;
      while (at < length && at - from < 400) {
        const next = codes[at] as number;
        if (!isWordCode(next) && !(next === 0x27 && at + 1 < length && isWordCode(codes[at + 1] as number))) break;
        if (standsAlone(next)) break;
        const mark = text.marks[at] as number;
        if ((mark & wasUpper) !== 0) upper++;
        hidden |= mark & (afterUnseen | wasDisguised);
        const isDigit = next >= 0x30 && next <= 0x39;
        if (isDigit) digits++;
        hash = hashStep(hash, isDigit ? 0x30 : next);
        at++;
        const size = at - from;
        if (size >= 3 && size <= 9) {
          const found = meanings.stems.get(hash);
          if (found !== 0) stem = found;
        }
      }
      const size = at - from;
      begin(into, from, at, true);
      characters(from, Math.min(at, from + longestWord));
      if (size <= longestWord) {
        worded(hash);
        if (hidden & afterUnseen) meant(marks.unseen);
        if (hidden & wasDisguised) meant(marks.disguised);
        const whole = meanings.whole.get(hash);
        const meaning = whole !== 0 && (whole < groupsFrom || stem === 0) ? whole : stem !== 0 ? stem : 0;
        if (upper === size && size >= 3)
          into.ids[into.count++] = meaningsBase + (mixed(meaning * 31 + 5) & meaningsMask);
        if (lineStart && roles.has(hash) && codes[at] === 0x3a) meant(marks.lineRole);
        meant(digits === size ? 0 : meaning);
        if (digits < size) placed(hash, meaning);
        if (codes[at] === 0x3a && codes[at + 1] === 0x2f && codes[at + 2] === 0x2f) meant(marks.address);
        else if (codes[at] === 0x40 && at + 1 < length && isWordCode(codes[at + 1] as number)) meant(marks.mail);
      }
    } else {
      while (at < length && codes[at] === code && at - from < 80) at++;
      if (at === from) at++;
      begin(into, from, at, false);
      characters(from, Math.min(at, from + 6));
      if (endsSentence(code)) sinceStart = 0;
      const next = codes[at] as number | undefined;
      const before = from > 0 ? (codes[from - 1] as number) : 0x0a;
      if (code === 0x3c && next === 0x21) meant(marks.comment);
      else if (
        (code === 0x3c && next === 0x7c) ||
        (code === 0x7c && next === 0x3e) ||
        (code === 0x5b && at - from === 2)
      )
        meant(marks.special);
      else if (code === 0x3c && next !== undefined && (isWordCode(next) || next === 0x2f)) meant(marks.tag);
      else if (at - from >= 3 && code === 0x60) meant(marks.fence);
      else if (at - from >= 2 && (code === 0x23 || code === 0x2d || code === 0x3d || code === 0x2a))
        meant(marks.heading);
      else if (
        (code === 0x2f || code === 0x7e) &&
        (before === 0x20 || before === 0x7e || before === 0x0a) &&
        next !== undefined &&
        (isWordCode(next) || next === 0x2e || next === 0x2f)
      )
        meant(marks.path);
      else if (code === pictograph) meant(marks.picture);
      else if (code === 0x22 && next !== undefined && isWordCode(next)) meant(marks.quoted);
    }
    lineStart = false;
  }
  into.starts[into.tokens] = into.count;
}

/** What stands between a sentence, a list entry, a quote or a piece of markup and the next. */
function endsSentence(code: number): boolean {
  return (
    code === 0x2e ||
    code === 0x21 ||
    code === 0x3f ||
    code === 0x3a ||
    code === 0x3b ||
    code === 0x3e ||
    code === 0x22 ||
    code === 0x28 ||
    code === 0x5b ||
    code === 0x7b ||
    code === 0x2a ||
    code === 0x23 ||
    code === 0x3002 ||
    code === 0xff01
  );
}

function begin(into: Features, from: number, to: number, isWord: boolean): void {
  if (into.tokens + 1 >= into.from.length) {
    const size = into.from.length * 2;
    into.starts = larger(into.starts, new Int32Array(size + 1));
    into.from = larger(into.from, new Int32Array(size));
    into.to = larger(into.to, new Int32Array(size));
    into.wordTokens = larger(into.wordTokens, new Int32Array(size));
  }
  if (into.count + mostPerToken > into.ids.length) into.ids = larger(into.ids, new Int32Array(into.ids.length * 2));
  into.starts[into.tokens] = into.count;
  into.from[into.tokens] = from;
  into.to[into.tokens] = to;
  if (isWord) into.wordTokens[into.wordCount++] = into.tokens;
  into.tokens++;
}

function larger(from: Int32Array, to: Int32Array): Int32Array {
  to.set(from);
  return to;
}

function generalised(code: number): number {
  if (code >= 0x30 && code <= 0x39) return 0x30;
  return code === 0x0a ? 0x20 : code;
}

export function isWordCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    (code >= 0xc0 && code < 0x2000 && code !== 0xd7 && code !== 0xf7) ||
    (code > 0x2c00 && code < 0x3000) ||
    (code > 0x3040 && code < 0xfe00)
  );
}

const roles = new Set(
  [
    'system',
    'user',
    'assistant',
    'human',
    'ai',
    'instruction',
    'instructions',
    'admin',
    'developer',
    'note',
    'important',
  ].map(hashOf),
);
