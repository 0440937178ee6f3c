import type { IncomingMessage } from 'node:http';
import { Failure } from '@mcpvault/domain/failure';
import { worthCounting } from '../session/held-bytes.ts';

export type BodyDone = (failure: Failure | null, body: Buffer) => void;
/** Whether there is room for a body that has grown to so many bytes. */
export type HasRoom = (bytes: number) => boolean;

const empty = Buffer.alloc(0);

/** Reads a request's body whole, up to a bound, and as far as there is room. `done` is called once. */
export function readBody(request: IncomingMessage, limit: number, hasRoom: HasRoom, done: BodyDone): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    request.resume();
    return done(tooLarge(limit), empty);
  }
  let only: Buffer | null = null;
  let more: Buffer[] | null = null;
  let bytes = 0;
  let settled = false;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (settled) return;
    if (bytes > limit) {
      settled = true;
      return done(tooLarge(limit), empty);
    }
    if (bytes >= worthCounting && !hasRoom(bytes)) {
      settled = true;
      only = more = null;
      return done(new Failure('busy', 'your large messages fill all the room there is; try again'), empty);
    }
    if (only === null) only = chunk;
    else (more ??= [only]).push(chunk);
  });
  request.on('end', () => {
    if (settled) return;
    settled = true;
    done(null, more === null ? (only ?? empty) : Buffer.concat(more, bytes));
  });
  // Of every request; making a failure costs more than all the rest of this.
  request.on('close', () => {
    if (settled) return;
    settled = true;
    done(new Failure('cancelled', 'the request broke off'), empty);
  });
}

export function tooLarge(limit: number): Failure {
  return new Failure('too_large', `a message may have at most ${limit} bytes`, { limit });
}
