/** The middle one; of an even number, the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * The median of ratios taken pair by pair: what was measured next to each other had the same neighbours, so that a noisy
 * minute weighs on both.
 */
export function ratio(values: readonly number[], to: readonly number[]): number {
  return median(values.map((value, at) => value / (to[at] ?? Number.NaN)));
}

/** By how much of the first fifth's median the last fifth's is higher: 0.1 is ten percent. */
export function drift(values: readonly number[]): number {
  const fifth = Math.max(1, Math.floor(values.length / 5));
  return median(values.slice(-fifth)) / median(values.slice(0, fifth)) - 1;
}
