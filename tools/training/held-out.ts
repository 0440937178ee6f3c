// Scores of rows by models that never saw anything of their source: what every published figure rests on.
import type { ModelHeader } from '@mcpvault/domain/inspection/injection/injection-model';
import type { Corpus } from './corpus.ts';
import { foldCount, foldOf } from './folds.ts';
import { scoreOf, type Training, trainLinear } from './linear-model.ts';
import { isLearned, type Row } from './rows.ts';

export interface Scored {
  readonly row: Row;
  /** Raw; larger is more like an attack. */
  readonly score: number;
}

/** Large sources would drown the small ones; what they count grows with the root of their size. */
export function training({ rows }: Corpus, seed = 1): Training {
  const counts = new Map<string, number>();
  const name = ({ source, label }: Row): string => `${source} ${label}`;
  for (const row of rows) counts.set(name(row), (counts.get(name(row)) ?? 0) + 1);
  const weights = rows.map(
    (row) => Math.min(1, Math.sqrt(600 / (counts.get(name(row)) ?? 1))) * (row.label === 1 ? 1.5 : 1),
  );
  return { rounds: 5, rate: 0.06, decay: 1e-6, seed, weightOf: (row) => weights[row] ?? 0 };
}

export function heldOutScores(corpus: Corpus): Scored[] {
  const scored: Scored[] = [];
  const how = training(corpus);
  for (let fold = 0; fold < foldCount; fold++) {
    const seen: number[] = [];
    const unseen: number[] = [];
    corpus.rows.forEach((row, at) => {
      if (foldOf(row) === fold) {
        if (isScored(row)) unseen.push(at);
      } else if (isLearned(row)) seen.push(at);
    });
    const model = trainLinear(corpus, seen, how);
    for (const at of unseen) {
      const row = corpus.rows[at];
      if (row !== undefined) scored.push({ row, score: scoreOf(model, corpus, at) });
    }
    process.stderr.write(`fold ${fold + 1} of ${foldCount}: ${seen.length} rows seen, ${unseen.length} scored\n`);
  }
  return scored;
}

/** Neither what written rows are made with nor they themselves. */
function isScored({ isMaterial, madeOf }: Row): boolean {
  return isMaterial !== true && madeOf === undefined;
}

/** By channel: what one honest row in a hundred reaches, and one in a thousand. */
export function anchorsOf(scored: readonly Scored[]): ModelHeader['anchors'] {
  const anchor = (channel: string): readonly [number, number] => {
    const honest = scored.filter(({ row }) => row.label === 0 && row.channel === channel).map(({ score }) => score);
    const sorted = honest.toSorted((a, b) => b - a);
    const reached = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? 0;
    return [reached(0.01), reached(0.001)];
  };
  return { prompt: anchor('prompt'), result: anchor('result'), description: anchor('description') };
}

/** Scores so that those of different channels compare: 0 and 1 are the channel's anchors. */
export function comparable(scored: readonly Scored[], anchors: ModelHeader['anchors']): Scored[] {
  return scored.map(({ row, score }) => {
    const [hundredth, thousandth] = anchors[row.channel];
    return { row, score: (score - hundredth) / Math.max(0.1, thousandth - hundredth) };
  });
}
