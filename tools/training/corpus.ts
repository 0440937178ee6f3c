import { decodedViews } from '@mcpvault/domain/inspection/injection/decoded-views';
import { createFeatures, decodedMark, extractFeatures } from '@mcpvault/domain/inspection/injection/features';
import { foldText } from '@mcpvault/domain/inspection/injection/fold-text';
import { eachWindow } from '@mcpvault/domain/inspection/injection/text-windows';
import type { WordMeanings } from '@mcpvault/domain/inspection/injection/word-meanings';
import type { Row } from './rows.ts';

/** Rows with the features of all their windows: features of row after row, windows as ranges of them. */
export interface Corpus {
  readonly rows: readonly Row[];
  readonly ids: Int32Array;
  /** Of each row: its first window; one more than rows. */
  readonly firstWindow: Int32Array;
  readonly windowFrom: Int32Array;
  readonly windowTo: Int32Array;
}

export const windowSizes = [
  { words: 70, step: 45 },
  { words: 30, step: 15 },
  { words: 14, step: 7 },
] as const;

export function createCorpus(rows: readonly Row[], meanings: WordMeanings): Corpus {
  const features = createFeatures();
  const firstWindow = new Int32Array(rows.length + 1);
  const froms: number[] = [];
  const tos: number[] = [];
  let ids = new Int32Array(1 << 24);
  let count = 0;
  const add = (text: string, mark: number): void => {
    extractFeatures(foldText(text), meanings, features, mark);
    if (count + features.count > ids.length) {
      const larger = new Int32Array(ids.length * 2);
      larger.set(ids);
      ids = larger;
    }
    ids.set(features.ids.subarray(0, features.count), count);
    const seen = new Set<number>();
    for (const { words, step } of windowSizes)
      eachWindow(features, words, step, (from, to) => {
        if (seen.has(from * 1e6 + to)) return;
        seen.add(from * 1e6 + to);
        froms.push(count + (features.starts[from] ?? 0));
        tos.push(count + (features.starts[to] ?? 0));
      });
    count += features.count;
  };
  rows.forEach((row, at) => {
    firstWindow[at] = froms.length;
    add(row.text, 0);
    for (const view of decodedViews(row.text, meanings)) add(view.text, decodedMark);
  });
  firstWindow[rows.length] = froms.length;
  return {
    rows,
    ids: ids.slice(0, count),
    firstWindow,
    windowFrom: Int32Array.from(froms),
    windowTo: Int32Array.from(tos),
  };
}
