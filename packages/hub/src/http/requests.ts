// What the API and SCIM read of a request alike: its body, up to a bound.
import type { IncomingMessage } from 'node:http';
import { Failure } from '@mcpvault/domain/failure';

const readAtMost = 32 * 1024 * 1024;

/**
 * From the connection itself, whether its length was announced or not. Reads on past the bound, so that the answer finds a
 * client that is done with sending.
 */
export async function readText(incoming: IncomingMessage, atMost: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (Number(incoming.headers['content-length'] ?? 0) > readAtMost) throw tooLarge(atMost);
  for await (const chunk of chunksOf(incoming)) {
    bytes += chunk.length;
    if (bytes > readAtMost) throw tooLarge(atMost);
    if (bytes <= atMost) chunks.push(chunk);
  }
  if (bytes > atMost) throw tooLarge(atMost);
  return Buffer.concat(chunks).toString();
}

/** One that breaks off is nothing to be surprised about. */
async function* chunksOf(incoming: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* incoming as AsyncIterable<Buffer>;
  } catch {
    throw new Failure('cancelled', 'The request broke off.');
  }
}

function tooLarge(atMost: number): Failure {
  return new Failure('too_large', `The body is larger than ${atMost} bytes.`);
}
