// Figures of a classifier, each with the range it has by chance.
import type { Scored } from './held-out.ts';
import { createSeededRandom } from './seeded-random.ts';

/** Shares from 0 to 1. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Figures {
  readonly attacks: number;
  readonly honest: number;
  readonly auc: Figure;
  /** Recall where one honest text in a hundred is taken for an attack, and one in a thousand. */
  readonly atHundredth: Figure;
  readonly atThousandth: Figure;
}

const resamples = 200;

/** Of rows taken together; ranges by drawing attacks and honest rows again, 95 of 100 draws lie within. */
export function figuresOf(scored: readonly Scored[]): Figures {
  const attacks = Float64Array.from(scored.filter(({ row }) => row.label === 1).map(({ score }) => score)).sort();
  const honest = Float64Array.from(scored.filter(({ row }) => row.label === 0).map(({ score }) => score)).sort();
  const random = createSeededRandom(3);
  const drawn: number[][] = [[], [], []];
  for (let draw = 0; draw < resamples; draw++) {
    const [a, h] = [again(attacks, random), again(honest, random)];
    [areaUnder(a, h), recallAt(a, h, 0.01), recallAt(a, h, 0.001)].forEach((value, at) => drawn[at]?.push(value));
  }
  const figure = (value: number, at: number): Figure => {
    const sorted = (drawn[at] ?? []).toSorted((x, y) => x - y);
    return { value, low: sorted[Math.floor(resamples * 0.025)] ?? 0, high: sorted[Math.floor(resamples * 0.975)] ?? 1 };
  };
  return {
    attacks: attacks.length,
    honest: honest.length,
    auc: figure(areaUnder(attacks, honest), 0),
    atHundredth: figure(recallAt(attacks, honest, 0.01), 1),
    atThousandth: figure(recallAt(attacks, honest, 0.001), 2),
  };
}

/** The score that this share of the honest rows reaches. */
export function thresholdAt(scored: readonly Scored[], share: number): number {
  const honest = Float64Array.from(scored.filter(({ row }) => row.label === 0).map(({ score }) => score)).sort();
  return reachedBy(honest, share);
}

/** The share of rows above a threshold, with Wilson's range. */
export function shareAbove(scored: readonly Scored[], threshold: number): Figure {
  const n = scored.length;
  const value = scored.filter(({ score }) => score > threshold).length / n;
  const z = 1.96;
  const middle = (value + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((value * (1 - value)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

function reachedBy(sorted: Float64Array, share: number): number {
  return sorted[sorted.length - 1 - Math.floor(share * sorted.length)] ?? 0;
}

function recallAt(attacks: Float64Array, honest: Float64Array, share: number): number {
  return 1 - countUpTo(attacks, reachedBy(honest, share)) / attacks.length;
}

/** How many of the sorted values are at most `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function areaUnder(attacks: Float64Array, honest: Float64Array): number {
  let below = 0;
  let at = 0;
  for (const score of attacks) {
    while (at < honest.length && (honest[at] as number) < score) at++;
    below += at;
  }
  return below / (attacks.length * honest.length);
}

function again(sorted: Float64Array, random: () => number): Float64Array {
  const counts = new Uint16Array(sorted.length);
  for (let draw = 0; draw < sorted.length; draw++) {
    const at = Math.floor(random() * sorted.length);
    counts[at] = (counts[at] as number) + 1;
  }
  const drawn = new Float64Array(sorted.length);
  let length = 0;
  for (let at = 0; at < sorted.length; at++)
    for (let times = counts[at] as number; times > 0; times--) drawn[length++] = sorted[at] as number;
  return drawn;
}
