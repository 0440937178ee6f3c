// `fetch` for URLs that somebody else named: judged before each hop, connected only to judged addresses, and read within
// bounds of size and time. Answers whole bodies, and nothing of what lies behind a refusal.
import { Failure } from '@mcpvault/domain/failure';
import { Agent, type Dispatcher } from 'undici';
import { reasonOf } from '../upstream/reason-of.ts';
import { guardedLookup, type Resolve } from './guarded-lookup.ts';
import { OutboundRefused, type OutboundRules } from './outbound-rules.ts';

/**
 * As the `fetch` of browsers, and fit for libraries that take one of their own. Rejects with `OutboundRefused` for places
 * that may not be reached, with `upstream_unavailable`, `upstream_timeout` or `upstream_invalid` for what went wrong there.
 * The answer's body is in memory already.
 */
export type OutboundFetch = (url: string | URL, init?: OutboundInit) => Promise<Response>;

export interface OutboundInit {
  readonly method?: string | undefined;
  readonly headers?: Headers | Readonly<Record<string, string>> | undefined;
  readonly body?: string | URLSearchParams | Uint8Array | null | undefined;
  /** Only what is read (GET, HEAD) ever follows; where left out, they do. */
  readonly redirect?: 'follow' | 'manual' | 'error' | undefined;
  readonly signal?: AbortSignal | null | undefined;
}

export interface OutboundBounds {
  /** Of a body, in bytes. */
  readonly maxBytes: number;
  /** From the first look-up to the last byte, with all redirects, in milliseconds. */
  readonly timeout: number;
  readonly maxRedirects: number;
}

export interface OutboundFetchDeps {
  readonly rules: OutboundRules;
  readonly bounds?: Partial<OutboundBounds>;
  /** How names are looked up, where not as the machine does. */
  readonly resolve?: Resolve;
}

const usualBounds: OutboundBounds = { maxBytes: 1024 * 1024, timeout: 15_000, maxRedirects: 3 };
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);
/** Never carried to another origin. */
const secretHeaders = ['authorization', 'cookie', 'proxy-authorization'];

interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | null;
  readonly signal: AbortSignal;
}

export function createOutboundFetch({ rules, bounds, resolve }: OutboundFetchDeps): OutboundFetch {
  const { maxBytes, timeout, maxRedirects } = { ...usualBounds, ...bounds };
  const agentFor = (secure: boolean): Agent =>
    new Agent({
      connect: { lookup: guardedLookup(rules, secure, resolve), timeout },
      keepAliveTimeout: 1_000,
      maxHeaderSize: 32 * 1024,
    });
  const agents = { secure: agentFor(true), plain: agentFor(false) };

  async function follow(first: Hop, redirect: OutboundInit['redirect']): Promise<Response> {
    let hop = first;
    for (let hops = 0; ; hops++) {
      const answer = await once(hop);
      const location = answer.headers.get('location');
      if (!redirects.has(answer.status) || location === null || redirect === 'manual') return answer;
      if (redirect === 'error' || (hop.method !== 'GET' && hop.method !== 'HEAD')) {
        throw new Failure(
          'upstream_invalid',
          `"${hop.url.host}" sends on to another place, which is not followed here`,
        );
      }
      if (hops >= maxRedirects) throw new Failure('upstream_invalid', `"${first.url.host}" sends on too often`);
      hop = onwards(hop, location);
    }
  }

  function onwards(hop: Hop, location: string): Hop {
    const next = URL.parse(location, hop.url);
    if (next === null) throw new Failure('upstream_invalid', `"${hop.url.host}" sends on to nowhere`);
    const url = rules.judgeUrl(next);
    if (hop.url.protocol === 'https:' && url.protocol !== 'https:') {
      throw new OutboundRefused(`"${hop.url.host}" sends on from TLS to plain text`, null);
    }
    const headers = new Headers(hop.headers);
    if (url.origin !== hop.url.origin) for (const name of secretHeaders) headers.delete(name);
    return { ...hop, url, headers };
  }

  async function once({ url, method, headers, body, signal }: Hop): Promise<Response> {
    const agent = url.protocol === 'https:' ? agents.secure : agents.plain;
    const answer = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: method as Dispatcher.HttpMethod,
      headers: { ...Object.fromEntries(headers), 'accept-encoding': 'identity' },
      body,
      signal,
    });
    const bytes = await readWithin(answer.body, url);
    const told = headersOf(answer.headers);
    if ((told.get('content-encoding') ?? 'identity') !== 'identity') {
      throw new Failure('upstream_invalid', `"${url.host}" answered compressed though nobody asked for it`);
    }
    const { statusCode: status } = answer;
    return new Response(bodiless.has(status) ? null : bytes, { status, headers: told });
  }

  async function readWithin(
    body: AsyncIterable<Buffer> & { destroy(): unknown },
    url: URL,
  ): Promise<Buffer<ArrayBuffer>> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        body.destroy();
        throw new Failure('upstream_invalid', `"${url.host}" answered with more than ${maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  return async (given, init = {}) => {
    const url = rules.judgeUrl(given);
    const { promise: late, reject } = Promise.withResolvers<never>();
    late.catch(() => {});
    const signals = [AbortSignal.timeout(timeout), ...(init.signal == null ? [] : [init.signal])];
    const signal = AbortSignal.any(signals);
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    const headers = new Headers(init.headers as Headers);
    if (init.body instanceof URLSearchParams && !headers.has('content-type')) {
      headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
    }
    const body = init.body instanceof URLSearchParams ? init.body.toString() : (init.body ?? null);
    const first: Hop = { url, method: (init.method ?? 'GET').toUpperCase(), headers, body, signal };
    try {
      // A look-up cannot be cancelled, and must not be waited for either.
      return await Promise.race([late, follow(first, init.redirect)]);
    } catch (error) {
      throw asFailure(error, url, init.signal ?? null, timeout);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  };
}

function headersOf(given: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) headers.append(name, each);
  }
  return headers;
}

function asFailure(error: unknown, { host }: URL, own: AbortSignal | null, timeout: number): unknown {
  if (error instanceof Failure || own?.aborted === true || !(error instanceof Error)) return error;
  if (error.cause instanceof Failure) return error.cause;
  if (error.name === 'TimeoutError') {
    return new Failure('upstream_timeout', `"${host}" did not answer within ${Math.round(timeout / 1000)} seconds`);
  }
  return new Failure('upstream_unavailable', `"${host}" could not be reached: ${reasonOf(error)}`);
}
