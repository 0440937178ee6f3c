import type { Readable } from 'node:stream';

/** Tells of the whole lines of each piece that arrives, without their line ends; empty ones are left out. */
export function eachLine(input: Readable, told: (lines: readonly Buffer[]) => void): void {
  let begun: Buffer[] = [];
  input.on('data', (data: Buffer) => {
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, from)) {
      begun.push(data.subarray(from, end));
      const line = begun.length === 1 ? data.subarray(from, end) : Buffer.concat(begun);
      begun = [];
      from = end + 1;
      if (line.length > 0) lines.push(line);
    }
    if (from < data.length) begun.push(data.subarray(from));
    if (lines.length > 0) told(lines);
  });
}
