/** How high a quantity goes, learned one value at a time. JSON. */
export interface Level {
  /** What is hardly ever passed; the logarithm of it. */
  high: number;
  /** The mean of the logarithms, for telling people what is usual. */
  mean: number;
  count: number;
}

export const newLevel = (): Level => ({ high: 0, mean: 0, count: 0 });

/** One value raises what is known by a fifth at most, so that a flood does not become the custom. */
const mostRise = Math.log(1.2);
/** What was high long ago counts less. */
const fall = 0.002;
const slowest = 1 / 40;

export function learn(level: Level, value: number): void {
  const plain = Math.log1p(value);
  const taken = level.count < 3 ? plain : Math.min(plain, level.high + mostRise);
  level.high = Math.max(taken, level.high - fall);
  level.mean += Math.max(slowest, 1 / (level.count + 1)) * (taken - level.mean);
  level.count++;
}

/** In bits: none up to one and a half times as high as ever, then six for each doubling. */
export function surprise({ high }: Level, value: number): number {
  return Math.max(0, (6 * (Math.log1p(value) - high)) / Math.LN2 - 6 * Math.log2(1.5));
}

export function usual({ mean }: Level): number {
  return Math.round(Math.expm1(mean));
}
