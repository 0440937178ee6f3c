import { createSeededRandom } from '../training/seeded-random.ts';

export interface Random {
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  pick<T>(choices: readonly T[]): T;
  text(alphabet: string, length: number): string;
  shuffled<T>(things: readonly T[]): T[];
}

export function createRandom(seed: number): Random {
  const next = createSeededRandom(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick(choices) {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new Error('nothing to choose from');
      return chosen;
    },
    text: (alphabet, length) => Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join(''),
    shuffled(things) {
      const rest = [...things];
      return things.map(() => rest.splice(below(rest.length), 1)).flat();
    },
  };
}

export function randomBytesOf(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}
