import { MalformedMessage, type Message, type ParseLimits, parseMessage } from './message.ts';
import { ScanError, skipSpace, walkArray } from './scan.ts';

/** Whether a text is an array: a batch of messages, which only the revision 2025-03-26 has. */
export function isBatch(raw: Buffer): boolean {
  return raw[skipSpace(raw.toString('latin1', 0, 100), 0)] === 91;
}

/** The messages of a batch, each as its own bytes. Throws `MalformedMessage`, also for an empty batch and one too large. */
export function splitBatch(raw: Buffer, limits: ParseLimits, most: number): readonly Message[] {
  const text = raw.toString('latin1');
  const parts: Buffer[] = [];
  try {
    const end = walkArray(text, skipSpace(text, 0), limits.maxDepth + 1, (_index, start, end) => {
      if (parts.length >= most) throw new MalformedMessage('not_jsonrpc', `a batch holds at most ${most} messages`);
      parts.push(raw.subarray(start, end));
    });
    if (skipSpace(text, end) < text.length) throw new ScanError('something follows the batch');
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    throw new MalformedMessage(error.tooDeep ? 'too_deep' : 'not_json', `not a batch: ${error.message}`);
  }
  if (parts.length === 0) throw new MalformedMessage('not_jsonrpc', 'an empty batch says nothing');
  return parts.map((part) => parseMessage(part, limits));
}
