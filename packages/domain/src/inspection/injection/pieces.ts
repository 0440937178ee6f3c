import { emptyHash, hashStep } from './hash-table.ts';
import { conceptNumber, groupsFrom, type WordMeanings } from './word-meanings.ts';

export interface Piece {
  readonly start: number;
  readonly text: string;
}

/** In UTF-16 units: what is read closely of one text, and the size of the parts it is chosen in. */
export const closelyRead = 24_576;
const block = 1024;
const always = 6;

/**
 * All of a text, or of a long one its beginning, its end, and the parts in which most words stand that attacks are made of:
 * looking at every word once is cheap, reading all of them closely is not.
 */
export function piecesOf(text: string, meanings: WordMeanings): readonly Piece[] {
  if (text.length <= closelyRead) return [{ start: 0, text }];
  const count = Math.ceil(text.length / block);
  const weights = blockWeights(text, count, meanings);
  const chosen = new Set<number>();
  for (let at = 0; at < always; at++) chosen.add(at).add(count - 1 - at);
  const byWeight = Array.from(weights.keys()).toSorted((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  for (const at of byWeight) {
    if (chosen.size >= closelyRead / block - 1) break;
    chosen.add(at);
  }
  const pieces: Piece[] = [];
  const sorted = [...chosen].toSorted((a, b) => a - b);
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i] ?? 0;
    while (sorted[i + 1] === (sorted[i] ?? 0) + 1) i++;
    const end = ((sorted[i] ?? 0) + 1) * block;
    pieces.push({ start: first * block, text: text.slice(first * block, end) });
  }
  return pieces;
}

const tellingNames = [
  'override',
  'machine',
  'quietly',
  'unbound',
  'reveal',
  'guidance',
  'system',
  'pretend',
  'secret',
] as const;
const telling = new Set(tellingNames.map((name) => conceptNumber[name]));

function blockWeights(text: string, count: number, meanings: WordMeanings): Float64Array {
  const weights = new Float64Array(count);
  const { whole } = meanings;
  for (let here = 0; here < count; here++) {
    const end = Math.min(text.length, (here + 1) * block);
    let weight = 0;
    let hash = emptyHash;
    let size = 0;
    // A word that the border of two blocks cuts is not worth following.
    for (let at = here * block; at < end; at++) {
      const unit = text.charCodeAt(at);
      const code = unit | 0x20;
      if (code >= 0x61 && code <= 0x7a) {
        hash = hashStep(hash, code);
        size++;
        continue;
      }
      if (unit > 0x7f) weight += 0.2;
      if (size > 3) {
        const meaning = size < 24 ? whole.get(hash) : 0;
        if (meaning !== 0 && meaning < groupsFrom) weight += telling.has(meaning) ? 4 : 1;
        else if (size > 60) weight += 2;
      }
      hash = emptyHash;
      size = 0;
    }
    weights[here] = weight;
  }
  return weights;
}
