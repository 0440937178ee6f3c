// Logistic regression on windows, trained one row at a time. Of an attack only the window that reads most like one counts,
// because the rest of its text is honest; of an honest text, that same window is where there is most to unlearn.
import { blockStarts, featureCount } from '@mcpvault/domain/inspection/injection/features';
import type { Channel } from '@mcpvault/domain/inspection/injection/injection-model';
import type { Corpus } from './corpus.ts';
import { createSeededRandom } from './seeded-random.ts';

export interface LinearModel {
  readonly weights: Float32Array;
  readonly bias: Record<Channel, number>;
}

export interface Training {
  readonly rounds: number;
  readonly rate: number;
  readonly decay: number;
  readonly seed: number;
  /** How much a row counts. */
  readonly weightOf: (row: number) => number;
}

/** As in `ModelHeader`, and used the same way there. */
export const softening = [20, 8, 8, 4] as const;

const wordsFrom = blockStarts[1] ?? 0;
const meaningsFrom = blockStarts[2] ?? 0;
const pairsFrom = blockStarts[3] ?? 0;
const certain = 0.98;
const impossible = 0.01;

export function trainLinear(corpus: Corpus, picked: readonly number[], training: Training): LinearModel {
  const { ids, rows, firstWindow, windowFrom, windowTo } = corpus;
  const model: LinearModel = {
    weights: new Float32Array(featureCount),
    bias: { prompt: 0, result: 0, description: 0 },
  };
  const { weights, bias } = model;
  const squares = new Float32Array(featureCount).fill(1e-4);
  const biasSquares: Record<Channel, number> = { prompt: 0.01, result: 0.01, description: 0.01 };
  const random = createSeededRandom(training.seed);
  const order = Int32Array.from(picked);
  const norms = [1, 1, 1, 1];

  const update = (window: number, row: number): void => {
    const { label, channel } = rows[row] as (typeof rows)[number];
    const [from, to] = [windowFrom[window] as number, windowTo[window] as number];
    const share = 1 / (1 + Math.exp(-(weigh(model, ids, from, to, norms) + bias[channel])));
    const gradient = (share - (label === 1 ? certain : impossible)) * training.weightOf(row);
    if (Math.abs(gradient) < 0.002) return;
    for (let at = from; at < to; at++) {
      const id = ids[at] as number;
      const block = id < wordsFrom ? 0 : id < meaningsFrom ? 1 : id < pairsFrom ? 2 : 3;
      const step = gradient * (norms[block] as number) + training.decay * (weights[id] as number);
      squares[id] = (squares[id] as number) + step * step;
      weights[id] = (weights[id] as number) - (training.rate * step) / Math.sqrt(squares[id] as number);
    }
    biasSquares[channel] += gradient * gradient;
    bias[channel] -= (0.05 * gradient) / Math.sqrt(biasSquares[channel]);
  };

  for (let round = 0; round < training.rounds; round++) {
    shuffle(order, random);
    for (const row of order) {
      const [first, end] = [firstWindow[row] as number, firstWindow[row + 1] as number];
      const isAttack = rows[row]?.label === 1;
      if (end - first === 1) update(first, row);
      else if (round === 0) {
        // Which window of a long attack is the attack is not known yet.
        if (!isAttack || end - first <= 2) update(first + Math.floor(random() * (end - first)), row);
      } else if (isAttack || random() < 0.6) update(strongest(model, corpus, row), row);
      else update(first + Math.floor(random() * (end - first)), row);
    }
  }
  return model;
}

/** The raw score of a row, its channel's bias included. */
export function scoreOf(model: LinearModel, corpus: Corpus, row: number): number {
  const window = strongest(model, corpus, row);
  const raw = weigh(model, corpus.ids, corpus.windowFrom[window] ?? 0, corpus.windowTo[window] ?? 0, [0, 0, 0, 0]);
  return raw + model.bias[corpus.rows[row]?.channel ?? 'prompt'];
}

function strongest(model: LinearModel, corpus: Corpus, row: number): number {
  const norms = [0, 0, 0, 0];
  let best = corpus.firstWindow[row] as number;
  let most = Number.NEGATIVE_INFINITY;
  for (let window = best; window < (corpus.firstWindow[row + 1] as number); window++) {
    const raw = weigh(model, corpus.ids, corpus.windowFrom[window] as number, corpus.windowTo[window] as number, norms);
    if (raw <= most) continue;
    most = raw;
    best = window;
  }
  return best;
}

/** Leaves in `norms` what a feature of each block is multiplied with in this window. */
function weigh({ weights }: LinearModel, ids: Int32Array, from: number, to: number, norms: number[]): number {
  let [e0, e1, e2, e3, n0, n1, n2, n3] = [
    0,
    0,
    0,
    0,
    softening[0],
    softening[1],
    softening[2],
    softening[3],
  ] as number[] as [number, number, number, number, number, number, number, number];
  for (let at = from; at < to; at++) {
    const id = ids[at] as number;
    const weight = weights[id] as number;
    if (id < wordsFrom) {
      e0 += weight;
      n0++;
    } else if (id < meaningsFrom) {
      e1 += weight;
      n1++;
    } else if (id < pairsFrom) {
      e2 += weight;
      n2++;
    } else {
      e3 += weight;
      n3++;
    }
  }
  norms[0] = 1 / Math.sqrt(n0);
  norms[1] = 1 / Math.sqrt(n1);
  norms[2] = 1 / Math.sqrt(n2);
  norms[3] = 1 / Math.sqrt(n3);
  return e0 * norms[0] + e1 * norms[1] + e2 * norms[2] + e3 * norms[3];
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const here = order[at] as number;
    order[at] = order[other] as number;
    order[other] = here;
  }
}
