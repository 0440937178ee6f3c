import type { Readable } from 'node:stream';

export interface NumberedLine {
  /** Without its line feed; null where it was longer than `longestLine` and was passed over. */
  readonly line: Buffer | null;
  /** From 1. */
  readonly number: number;
}

export const longestLine = 64 * 1024 * 1024;

/** The lines of a stream, those of each chunk together. No more than one line is held. */
export async function* eachLine(stream: Readable): AsyncGenerator<readonly NumberedLine[]> {
  let number = 0;
  let begun: Buffer[] = [];
  let size = 0;
  const finish = (last: Buffer): NumberedLine => {
    number++;
    const line = size + last.length > longestLine ? null : Buffer.concat([...begun, last]);
    begun = [];
    size = 0;
    return { line, number };
  };
  for await (const given of stream) {
    const chunk = typeof given === 'string' ? Buffer.from(given) : (given as Buffer);
    const lines: NumberedLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      lines.push(finish(chunk.subarray(from, at)));
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    size += rest.length;
    if (size > longestLine) begun = [];
    else if (rest.length > 0) begun.push(rest);
    yield lines;
  }
  if (size > 0) yield [finish(Buffer.alloc(0))];
}
