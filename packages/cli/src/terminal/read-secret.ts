import { usageFailure } from '../command-failure.ts';
import type { Io } from '../io.ts';

const longest = 10_000;

/** All of standard input without the line break that ends it. */
export async function readSecret(io: Io): Promise<string> {
  const secret = (await readInput(io, longest)).replace(/\r?\n$/, '');
  if (secret === '') throw usageFailure('Nothing came in on standard input.');
  return secret;
}

/** All of standard input, at most `limit` bytes. */
export async function readInput({ stdin }: Io, limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stdin) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > limit) throw usageFailure(`More than ${limit} bytes came in on standard input.`);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}
