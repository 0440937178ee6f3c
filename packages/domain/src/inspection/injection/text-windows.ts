import type { Features } from './features.ts';

/** A run of tokens, `to` not included. */
export type OnWindow = (from: number, to: number) => void;

/** Overlapping windows of `words` words, one every `step`; a text hardly longer than one is one window. */
export function eachWindow(features: Features, words: number, step: number, visit: OnWindow): void {
  const { wordTokens, wordCount, tokens } = features;
  if (wordCount <= words * 1.3) {
    visit(0, tokens);
    return;
  }
  for (let word = 0; ; word += step) {
    const from = word === 0 ? 0 : (wordTokens[word] as number);
    const isLast = word + words >= wordCount;
    visit(from, isLast ? tokens : (wordTokens[word + words] as number));
    if (isLast) return;
  }
}
