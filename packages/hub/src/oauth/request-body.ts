import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';

const bytesAtMost = 32 * 1024;

/** null when it is too large, or broke off. */
export async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= bytesAtMost) chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return bytes > bytesAtMost ? null : Buffer.concat(chunks).toString();
}

/** The same request once more, with this body. */
export function requestWith(request: IncomingMessage, body: string): IncomingMessage {
  const again = new PassThrough();
  again.end(body);
  const { method, url, socket, httpVersion, httpVersionMajor, httpVersionMinor } = request;
  const headers = { ...request.headers, 'content-length': String(Buffer.byteLength(body)) };
  delete headers['transfer-encoding'];
  const head = { method, url, socket, httpVersion, httpVersionMajor, httpVersionMinor, headers };
  return Object.assign(again, head) as unknown as IncomingMessage;
}
