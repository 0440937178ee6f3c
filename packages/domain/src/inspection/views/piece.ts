/** A part of a text that was put together: where it begins in the whole, and where it stood before. */
export interface Piece {
  readonly at: number;
  readonly start: number;
}

/** The piece that holds the character `at` of the whole. `pieces` are in order and the first begins at 0. */
export function pieceAt(pieces: readonly Piece[], at: number): Piece {
  return pieces[pieceIndex(pieces, at)] ?? { at: 0, start: 0 };
}

export function pieceIndex(pieces: readonly Piece[], at: number): number {
  let low = 0;
  let high = pieces.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.at ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low;
}
