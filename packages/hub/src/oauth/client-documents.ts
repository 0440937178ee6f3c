// The documents in which clients describe themselves, at addresses of their own: fetched through the guard, bounded, and rid of
// what does not concern this hub before the library reads them. How long one is kept, its own answer says, within bounds.
import { Failure } from '@mcpvault/domain/failure';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { tidiedMetadata } from './clients.ts';

/** Seconds that a document is kept at least and at most: nobody makes the hub ask the same place all the time. */
export const documentsKept = { min: 5, max: 86_400 };

/** Of one that says nothing about it. */
const keptUsually = 300;
const bytesAtMost = 16 * 1024;

export function createClientDocuments(fetchDocument: OutboundFetch): OutboundFetch {
  return async (address, options) => {
    const response = await fetchDocument(address, options);
    if (response.status !== 200) return response;
    const text = await response.text();
    if (Buffer.byteLength(text) > bytesAtMost) {
      throw new Failure('upstream_invalid', `The document of the client is larger than ${bytesAtMost} bytes.`);
    }
    return new Response(tidied(text), { status: 200, headers: headersOf(response) });
  };
}

/** What is no JSON stays as it is, for the library to refuse. */
function tidied(text: string): string {
  try {
    return JSON.stringify(tidiedMetadata(JSON.parse(text)));
  } catch {
    return text;
  }
}

/** Of a body that was read and written anew, the length and the coding are no longer true. */
function headersOf(response: Response): Headers {
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  headers.delete('content-encoding');
  const control = headers.get('cache-control');
  if (/\bno-(?:store|cache)\b/i.test(control ?? '')) headers.set('cache-control', 'max-age=0');
  else if (control === null && !headers.has('expires')) headers.set('cache-control', `max-age=${keptUsually}`);
  return headers;
}
