import type { IncomingMessage } from 'node:http';
import { Failure } from '@mcpvault/domain/failure';

/** Reads a request's body whole, up to a bound. `done` is called once. */
export function readBody(
  request: IncomingMessage,
  limit: number,
  done: (failure: Failure | null, body: Buffer) => void,
): void {
  const empty = Buffer.alloc(0);
  const tooLarge = (): Failure => new Failure('too_large', `a message may have at most ${limit} bytes`, { limit });
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    request.resume();
    return done(tooLarge(), empty);
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  let settled = false;
  const settle = (failure: Failure | null, body: Buffer): void => {
    if (settled) return;
    settled = true;
    done(failure, body);
  };
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) return settle(tooLarge(), empty);
    parts.push(chunk);
  });
  request.on('end', () => {
    const [only] = parts;
    settle(null, parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, bytes));
  });
  request.on('close', () => settle(new Failure('cancelled', 'the request broke off'), empty));
}
