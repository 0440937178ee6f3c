// The documents in which clients describe themselves, at addresses of their own: fetched through the guard, bounded, and rid of
// what does not concern this hub before the library reads them. How long one is kept, its own answer says, within bounds; while
// its maker's server is out of order, what it said last goes on counting for a day, so that nobody is signed out by that.
import type { Clock } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import { OutboundRefused } from '@mcpvault/gateway/outbound/outbound-rules';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { tidiedMetadata } from './clients.ts';

/** Seconds that a document is kept at least and at most: nobody makes the hub ask the same place all the time. */
export const documentsKept = { min: 5, max: 86_400 };

/** Of one that says nothing about it, and of one that could not be asked for again: seconds. */
const keptUsually = 300;
const keptInTrouble = 60;
const bytesAtMost = 16 * 1024;
/** How long what was said last counts while it cannot be asked for, in milliseconds, and of how many. */
const rememberedFor = 86_400_000;
const rememberedAtMost = 500;

interface Said {
  readonly text: string;
  readonly at: number;
}

export function createClientDocuments(fetchDocument: OutboundFetch, clock: Clock): OutboundFetch {
  const last = new Map<string, Said>();

  function remember(address: string, text: string): void {
    last.delete(address);
    last.set(address, { text, at: clock.now() });
    const [oldest] = last.keys();
    if (last.size > rememberedAtMost && oldest !== undefined) last.delete(oldest);
  }

  /** Only what was good before; null where there is nothing, or it is too old. */
  function remembered(address: string): Response | null {
    const said = last.get(address);
    if (said === undefined || said.at + rememberedFor <= clock.now()) return null;
    return new Response(said.text, { status: 200, headers: { 'cache-control': `max-age=${keptInTrouble}` } });
  }

  return async (given, options) => {
    const address = String(given);
    let response: Response;
    try {
      response = await fetchDocument(address, options);
    } catch (error) {
      const instead = isTrouble(error) ? remembered(address) : null;
      if (instead === null) throw error;
      return instead;
    }
    if (response.status >= 500) return remembered(address) ?? response;
    last.delete(address);
    if (response.status !== 200) return response;
    const text = await response.text();
    if (Buffer.byteLength(text) > bytesAtMost) {
      throw new Failure('upstream_invalid', `The document of the client is larger than ${bytesAtMost} bytes.`);
    }
    const tidy = tidied(text);
    if (tidy === null) return new Response(text, { status: 200, headers: headersOf(response) });
    remember(address, tidy);
    return new Response(tidy, { status: 200, headers: headersOf(response) });
  };
}

/** Nobody answered; that a place may not be asked is no such thing. */
function isTrouble(error: unknown): boolean {
  if (!(error instanceof Failure) || error instanceof OutboundRefused) return false;
  return error.code === 'upstream_unavailable' || error.code === 'upstream_timeout';
}

/** null for what is no JSON: the library refuses it. */
function tidied(text: string): string | null {
  try {
    return JSON.stringify(tidiedMetadata(JSON.parse(text)));
  } catch {
    return null;
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
